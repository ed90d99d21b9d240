// SPDX-License-Identifier: Apache-2.0
#include "exit/hooks.hpp"

#include "exit/hooks_of_library.hpp"
#include "exit/state.hpp"
#include "exit/timeline.hpp"
#include "exit/to_be_frozen.hpp"
#include "os/clock.hpp"
#include "os/pause.hpp"
#include "os/small_text.hpp"
#include "registry/check_name.hpp"
#include "registry/registry.hpp"
#include "report/exception_text.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <list>
#include <system_error>
#include <utility>

namespace curfew::inline v1 {
namespace detail {

constinit std::atomic<const char*> running_hook_name{nullptr};
constinit thread_local bool runs_hooks_for_the_exit [[gnu::tls_model("initial-exec")]] = false;

namespace {

constinit std::atomic<const phase_calls*> phases_of_hooks{nullptr};

struct hook {
  hook_id id;
  hook_turn turn;
  std::string name;
  std::function<void()> call;
  const void* code = nullptr;  ///< of who registered it
};

/// A copy, since the watch reads it while the hook may end.
constinit os::small_text<128> running_name;

/// Never destroyed.
struct hook_store {
  std::list<hook> hooks;
  std::uint64_t last_id = 0;
  bool closed[2] = {};
};

hook_store& store() {
  static auto* const s = new hook_store;
  return *s;
}

/// The next to run, alone in a list, and out of the other, so that each runs once even if one of them calls exit.
std::list<hook> take_last(hook_turn turn) {
  hook_store& s = store();
  std::list<hook> taken;
  const lock_registry lock;
  s.closed[static_cast<int>(turn)] = true;
  const auto at = std::find_if(s.hooks.rbegin(), s.hooks.rend(), [&](const hook& h) { return h.turn == turn; });
  if (at != s.hooks.rend()) taken.splice(taken.end(), s.hooks, std::next(at).base());
  return taken;
}

}  // namespace

hook_id add_hook(hook_turn turn, std::string_view name, std::function<void()>&& call, const void* code) {
  initialise();
  if (freeze_if_too_late()) return hook_id{};
  if (!call)
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "curfew: a hook must not be an empty function");
  check_name(name);
  std::list<hook> made;  // its node is moved over, so that nothing is allocated or destroyed under the lock
  made.push_back({hook_id{}, turn, std::string(name), std::move(call), code});
  hook_store& s = store();
  for (;;) {
    {
      const lock_registry lock;
      if (!s.closed[static_cast<int>(turn)]) {
        const hook_id id = made.front().id = hook_id{++s.last_id};
        s.hooks.splice(s.hooks.end(), made);
        return id;
      }
    }
    if (freeze_if_too_late()) return hook_id{};
    if (!is_frozen_unasked()) throw exit_in_progress("curfew: the exit has passed the point where this hook would run");
    // The freeze comes after the hooks, and may be a moment away.
    if (holds_a_lock_of_the_exit()) return hook_id{};
    os::pause_for(std::chrono::milliseconds(1));
  }
}

namespace {

/// Behind a hook. One that ends its thread (pthread_exit, or it was cancelled) does not come back; the exit goes on in
/// here then, as behind one that calls exit. In finish() there is no exit to go on with: the thread ends.
struct end_of_hook {
  bool came_back = false;
  ~end_of_hook() {
    running_hook_name.store(nullptr);
    end_timeline_step();
    if (came_back || !exit_now.in_exit_call.load() || exit_now.runner.load() != ::gettid()) return;
    std::exit(std::max(exit_now.status.load(), 0));
  }
};

}  // namespace

namespace {

void run_one(const hook& h) {
  running_name.clear();
  running_name << h.name;
  running_hook_name.store(running_name.c_str());
  begin_timeline_step("hook", h.name);
  end_of_hook end;
  try {
    h.call();
  } catch (...) {
    const std::exception_ptr exception = std::current_exception();
    if (!exception) throw;  // not C++'s: what ends a thread, where the runtime has no name for it
    report_exception("Exception in exit hook", h.name, exception);
  }
  end.came_back = true;
}

}  // namespace

void run_hooks(hook_turn turn) {
  for (auto taken = take_last(turn); !taken.empty(); taken = take_last(turn)) run_one(taken.front());
}

bool run_hooks_of(hook_turn turn, const void* library) {
  bool any = false;
  const auto next = [=] { return take_last_of(store().hooks, library, [=](const hook& h) { return h.turn == turn; }); };
  for (auto taken = next(); !taken.empty(); taken = next()) {
    any = true;
    run_one(taken.front());
  }
  if (const auto* const phases = phases_of_hooks.load(); phases != nullptr && turn == hook_turn::before_wait)
    any = phases->run_of_library(library) || any;
  return any;
}

bool hooks_are_registered() noexcept {
  const lock_registry lock;
  return store().last_id != 0;
}

void set_phase_calls(const phase_calls& calls) noexcept { phases_of_hooks.store(&calls); }

bool remove_from_phase(hook_id id) noexcept {
  const auto* const phases = phases_of_hooks.load();
  return phases != nullptr && phases->remove(id);
}

const char* running_hook() noexcept { return running_hook_name.load(); }

void reopen_hooks() noexcept {
  hook_store& s = store();
  s.closed[0] = s.closed[1] = false;
  if (const auto* const phases = phases_of_hooks.load()) phases->forget();
}

}  // namespace detail

[[gnu::noinline]] hook_id before_wait(std::string_view name, std::function<void()> hook) {
  return detail::add_hook(detail::hook_turn::before_wait, name, std::move(hook), __builtin_return_address(0));
}

[[gnu::noinline]] hook_id after_wait(std::string_view name, std::function<void()> hook) {
  return detail::add_hook(detail::hook_turn::after_wait, name, std::move(hook), __builtin_return_address(0));
}

bool remove_hook(hook_id id) noexcept {
  if (detail::remove_from_phase(id)) return true;
  std::list<detail::hook> removed;  // destroyed outside the lock: it is the user's code
  detail::hook_store& s = detail::store();
  const detail::lock_registry lock;
  const auto at = std::ranges::find(s.hooks, id, &detail::hook::id);
  if (at == s.hooks.end()) return false;
  removed.splice(removed.end(), s.hooks, at);
  return true;
}

}  // namespace curfew::inline v1
