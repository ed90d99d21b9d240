// SPDX-License-Identifier: Apache-2.0
#include <curfew/library.hpp>

#include "exit/hooks.hpp"
#include "exit/host_parts.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/pause.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"

#include <algorithm>
#include <map>
#include <system_error>

namespace curfew::inline v1 {
namespace detail {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void fail(std::errc code, const char* what) { throw std::system_error(std::make_error_code(code), what); }

/// Asks the loader, so not under the registry's lock.
bool belongs_to(const record& r, const void* library) noexcept {
  const char* file = nullptr;
  {
    const lock_registry lock;
    if (r.pins[0] == library || r.pins[1] == library) return true;
    file = r.created_at.file;
  }
  return (file != nullptr && library_of(file) == library) ||
         (r.operations.run != nullptr && library_of(reinterpret_cast<const void*>(r.operations.run)) == library);
}

std::vector<record_ref> threads_of(const void* library) {
  std::vector<record_ref> found;
  for (const listed list : {listed::live, listed::ended, listed::unreaped})
    for (auto& r : records_where(list, [](const record& x) { return x.has_os_thread_of_ours() || x.adopted.load(); }))
      if (belongs_to(*r, library)) found.push_back(std::move(r));
  return found;
}

/// Is the calling thread in the library's code, as far as curfew has called it?
bool is_inside(const void* library) {
  const record* const self = own_record_if_known();
  if (self != nullptr && (self->has_os_thread_of_ours() || self->adopted.load()) && belongs_to(*self, library))
    return true;
  return host_parts_run_here_for(library);
}

void ask_to_stop(const std::vector<record_ref>& threads) {
  for (const auto& r : threads) {
    std::stop_source stop(std::nostopstate);
    {
      const lock_registry lock;
      if (!r->daemon() && !r->is_asked_at_the_end() && r->who != owner::asking_handle) continue;
      stop = r->stop;
    }
    stop.request_stop();
  }
}

struct seen_thread {
  thread_info info;
  record_ref about;
};

/// How often its hooks are run that hooks have registered.
constexpr unsigned most_turns = 100;

/// The library's threads, from the first look to the last.
class end_of_library {
 public:
  end_of_library(const void* library, const library_options& options)
      : library_(library),
        grace_(options.daemon_grace),
        until_(options.limit ? os::later(os::now_steady(), *options.limit) : os::forever),
        began_(os::now_steady()) {}

  library_report run() {
    look();  // a hook may be what ends a thread, and it is to be reported
    // The last hooks may start what has to be ended, too. Some do so each time.
    for (unsigned turns = 0; turns < most_turns; ++turns) {
      run_hooks_of(hook_turn::before_wait, library_);
      end_library_in_host_parts(library_);
      wait();
      if (!run_hooks_of(hook_turn::after_wait, library_) || !report_.may_be_unloaded()) break;
    }
    return std::move(report_);
  }

 private:
  void wait() {
    watch_changes();
    for (auto pause = milliseconds(1);; pause = std::min(pause * 2, milliseconds(20))) {
      const std::uint32_t seen = changes().load();
      std::vector<record_ref> left = look();
      report_.still_called = host_parts_work_for(library_);
      if (left.empty() && !report_.still_called) return;
      if (!is_worth_waiting(left)) {
        for (const auto& r : left) report_.left.push_back(describe(*r));
        return;
      }
      ask_to_stop(left);
      // Nobody reports that the OS thread of one that is over is gone, or that a task has ended.
      os::futex_wait(changes(), seen, std::min(until_, os::now_steady() + pause));
    }
  }

  /// Those that are left; those that are gone go into the report.
  std::vector<record_ref> look() {
    std::vector<record_ref> left;
    for (auto& r : threads_of(library_)) {
      if (!seen_.contains(r->number)) seen_.emplace(r->number, seen_thread{describe(*r), record_ref(r.get())});
      if (!r->has_os_thread_of_ours() || !try_reap(*r)) left.push_back(std::move(r));
    }
    std::erase_if(seen_, [&](auto& one) {
      if (std::ranges::any_of(left, [&](const record_ref& r) { return r->number == one.first; })) return false;
      record& r = *one.second.about;
      if (r.has_os_thread_of_ours() && is_reaped(r)) release_modules(r);
      report_.ended.push_back(std::move(one.second.info));
      return true;
    });
    return left;
  }

  bool is_worth_waiting(const std::vector<record_ref>& left) const {
    const auto now = os::now_steady();
    if (now >= until_) return false;
    if (report_.still_called) return true;
    const lock_registry lock;
    return std::ranges::any_of(left, [&](const record_ref& r) {
      if (r->is_frozen_for_good()) return false;
      return !r->daemon() || now < os::later(began_, std::max(grace_, r->grace.value_or(milliseconds(0))));
    });
  }

  const void* library_;
  milliseconds grace_;
  steady_time until_, began_;
  std::map<std::uint64_t, seen_thread> seen_;
  library_report report_;
};

library_report end(const void* library, const library_options& options) {
  initialise();
  if (options.daemon_grace < milliseconds(0) || options.limit.value_or(milliseconds(0)) < milliseconds(0))
    fail(std::errc::invalid_argument,
         "curfew: end_library: library_options::limit and daemon_grace must not be negative");
  if (is_inside(library))
    fail(std::errc::resource_deadlock_would_occur,
         "curfew: end_library: a thread of the library cannot wait for itself");
  return end_of_library(library, options).run();
}

}  // namespace
}  // namespace detail

library_report end_library(void* library, library_options options) {
  if (library == nullptr) detail::fail(std::errc::invalid_argument, "curfew: end_library: the library is null");
  return detail::end(library, options);
}

library_report end_library_of(const void* address, library_options options) {
  const void* const library = detail::library_of(address);
  if (library == nullptr)
    detail::fail(std::errc::invalid_argument, "curfew: end_library_of: the address lies in no shared library");
  return detail::end(library, options);
}

}  // namespace curfew::inline v1
