// SPDX-License-Identifier: Apache-2.0
#include "exit/hooks.hpp"
#include "exit/hooks_of_library.hpp"
#include "exit/policy.hpp"
#include "exit/state.hpp"
#include "exit/timeline.hpp"
#include "os/small_text.hpp"
#include "registry/check_name.hpp"
#include "registry/registry.hpp"
#include "report/exception_text.hpp"

#include <curfew/hook_phases.hpp>
#include <curfew/thread.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <system_error>
#include <utility>

namespace curfew::inline v1 {
namespace detail {
namespace {

struct phase_hook {
  hook_id id;
  std::string name;
  std::function<void()> call;
  const void* code = nullptr;  ///< of who registered it
};

/// Shared with the thread that runs it, which may be late.
struct phase_state {
  hook_phase what;
  std::list<phase_hook> hooks;
  bool closed = false;
  std::atomic<const char*> running{nullptr};  ///< the name of the hook that runs
};

using phases = std::vector<std::shared_ptr<phase_state>>;

/// Null until they are declared. Under the registry's lock; never destroyed, as the hooks are not.
std::shared_ptr<const phases>& declared() {
  static auto* const made = new std::shared_ptr<const phases>;
  return *made;
}
constinit std::atomic<bool> have_run{false};

std::shared_ptr<const phases> declared_now() {
  const auto& all = declared();
  const lock_registry lock;
  return all;
}

/// Another exit may follow: in a forked child, or after restart().
void forget_phases_that_have_run() noexcept {
  if (!have_run.exchange(false)) return;
  std::shared_ptr<const phases> old;  // destroyed outside the lock: what is left in it is the user's code
  auto& all = declared();
  const lock_registry lock;
  old.swap(all);
}

/// Numbers that no other hook has.
constexpr std::uint64_t first_id = std::uint64_t{1} << 63;
constinit std::uint64_t last_id = first_id;

[[noreturn]] void refuse(std::errc why, const std::string& what) {
  throw std::system_error(std::make_error_code(why), "curfew: " + what);
}

void run_one(phase_state& phase, const phase_hook& one) {
  phase.running.store(one.name.c_str());
  try {
    one.call();
  } catch (...) {
    const std::exception_ptr exception = std::current_exception();
    if (!exception) throw;  // what ends a thread, where the runtime has no name for it
    report_exception("Exception in exit hook", one.name, exception);
  }
  phase.running.store(nullptr);
}

/// Each node stays alive while its hook runs. Those that have run are destroyed by whoever runs them.
void run_hooks_of(phase_state& phase) {
  for (;;) {
    std::list<phase_hook> taken;
    {
      const lock_registry lock;
      phase.closed = true;
      if (phase.hooks.empty()) return;
      taken.splice(taken.end(), phase.hooks, std::prev(phase.hooks.end()));
    }
    run_one(phase, taken.front());
  }
}

void say_late(const phase_state& phase) noexcept {
  const char* const hook = phase.running.load();
  os::small_text<700> line;
  (line << "curfew: the phase ").quoted(phase.what.name.substr(0, 200))
      << " is not done after its limit of " << std::chrono::nanoseconds(*phase.what.limit);
  if (hook != nullptr) (line << ": the hook ").quoted(std::string_view(hook).substr(0, 200)) << " still runs";
  line << "; the exit goes on";
  report_line(line.view());
}

void run_phase(const std::shared_ptr<phase_state>& phase) {
  if (!phase->what.limit) return run_hooks_of(*phase);
  thread runner;
  try {
    // With a grace it is asked to stop, and is told in exceptions that it is late: no call freezes it in a hook.
    runner = thread({.name = "phase " + phase->what.name, .daemon = true, .grace = std::chrono::milliseconds(0)},
                    [phase](const std::stop_token&) {
                      runs_hooks_for_the_exit = true;
                      run_hooks_of(*phase);
                    });
  } catch (const std::system_error&) {
    return run_hooks_of(*phase);  // better late than never
  }
  try {
    if (runner.join_for(*phase->what.limit)) return;
    say_late(*phase);
  } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): it has called exit, and does not come back
  }
  runner.detach();
}

void run_phases() {
  have_run.store(true);
  const auto all = declared_now();
  if (all == nullptr) return;
  for (const auto& phase : *all) {
    begin_timeline_step("phase", phase->what.name);
    run_phase(phase);
    end_timeline_step();
  }
}

/// On the calling thread, and without the phases' limits: a hook that runs on beside it would keep the library.
bool run_phases_of_library(const void* library) {
  bool any = false;
  const auto all = declared_now();
  if (all == nullptr) return any;
  for (const auto& phase : *all) {
    const auto next = [&] { return take_last_of(phase->hooks, library, [](const phase_hook&) { return true; }); };
    for (auto taken = next(); !taken.empty(); taken = next()) {
      any = true;
      run_one(*phase, taken.front());
    }
  }
  return any;
}

bool remove_hook_of_phase(hook_id id) noexcept {
  std::list<phase_hook> removed;  // destroyed outside the lock, as above
  const auto all = declared_now();
  if (all == nullptr) return false;
  const lock_registry lock;
  for (const auto& phase : *all) {
    const auto at = std::ranges::find(phase->hooks, id, &phase_hook::id);
    if (at == phase->hooks.end()) continue;
    removed.splice(removed.end(), phase->hooks, at);
    return true;
  }
  return false;
}

constexpr phase_calls calls{&remove_hook_of_phase, &forget_phases_that_have_run, &run_phases_of_library};

void check_phases(const std::vector<hook_phase>& wanted) {
  if (wanted.empty()) refuse(std::errc::invalid_argument, "set_hook_phases needs at least one phase");
  for (const hook_phase& one : wanted) {
    check_name(one.name);
    if (one.name.empty()) refuse(std::errc::invalid_argument, "the name of a hook phase must not be empty");
    if (one.limit && *one.limit < std::chrono::milliseconds(0))
      refuse(std::errc::invalid_argument, "the limit of the hook phase \"" + one.name + "\" must not be negative");
    if (std::ranges::count(wanted, one.name, &hook_phase::name) > 1)
      refuse(std::errc::invalid_argument, "the hook phase \"" + one.name + "\" is declared twice");
  }
}

std::string known_phases(const phases& all) {
  std::string names;
  for (const auto& phase : all) names += (names.empty() ? "\"" : ", \"") + phase->what.name + "\"";
  return "declared are " + names;
}

}  // namespace
}  // namespace detail

void set_hook_phases(std::vector<hook_phase> wanted) {
  using namespace detail;
  check_phases(wanted);
  const auto made = std::make_shared<phases>();
  for (hook_phase& one : wanted) {
    made->push_back(std::make_shared<phase_state>());
    made->back()->what = std::move(one);
  }
  const hook_id runs = before_wait("hook phases", [] { run_phases(); });
  {
    auto& all = declared();
    const lock_registry lock;
    if (all == nullptr) {
      all = made;
      set_phase_calls(calls);
      return;
    }
  }
  remove_hook(runs);
  refuse(std::errc::operation_not_permitted, "the hook phases have been declared before");
}

[[gnu::noinline]] hook_id in_phase(std::string_view phase, std::string_view name, std::function<void()> hook) {
  using namespace detail;
  if (!hook) refuse(std::errc::invalid_argument, "a hook must not be an empty function");
  check_name(name);
  std::list<phase_hook> made;  // moved over, so that nothing is allocated or destroyed under the lock
  made.push_back({hook_id{}, std::string(name), std::move(hook), __builtin_return_address(0)});
  const auto all = declared_now();
  if (all == nullptr) refuse(std::errc::invalid_argument, "no hook phase is declared, see set_hook_phases");
  const auto at = std::ranges::find_if(*all, [&](const auto& one) { return one->what.name == phase; });
  if (at == all->end())
    refuse(std::errc::invalid_argument, "unknown hook phase \"" + std::string(phase) + "\"; " + known_phases(*all));
  {
    const lock_registry lock;
    if (!(*at)->closed) {
      const hook_id id = made.front().id = hook_id{++last_id};
      (*at)->hooks.splice((*at)->hooks.end(), made);
      return id;
    }
  }
  throw exit_in_progress("curfew: the exit has begun this hook phase, or is past it");
}

}  // namespace curfew::inline v1
