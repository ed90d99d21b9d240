// SPDX-License-Identifier: Apache-2.0
#include "thread/joining.hpp"

#include "exit/to_be_frozen.hpp"
#include "os/clock.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"

#include <curfew/error.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace curfew::inline v1::detail {
namespace {

[[noreturn]] void deadlock(const char* what) {
  throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur), what);
}

/// Both of two that join each other have said so before they look, so at least one of them sees it.
bool closes_a_cycle(const record& whom) noexcept {
  if (whom.joins.load() == 0) return false;
  const lock_registry lock;
  return waits_in_a_cycle_locked(whom, own_record_if_known());
}

}  // namespace

bool can_never_end(const record& r) noexcept {
  if (r.over.load() != 0) return false;
  if (some_may_be_frozen() && r.cell.order.load() != static_cast<std::uint32_t>(os::freeze_order::run)) return true;
  // What it waited on was destroyed under it.
  if (r.waits_for_destroyed.load()) return true;
  return r.in_exit.load() && exit_now.runner.load() == ::gettid();
}

bool join_record(record& r, steady_time deadline) {
  initialise();
  if (is_reaped(r)) return true;
  if (&r == own_record_if_known()) deadlock("curfew: a thread cannot join itself");
  const waiting inside(deadline == os::forever ? &r : nullptr);
  if (deadline == os::forever && closes_a_cycle(r)) deadlock("curfew: these threads join each other");
  // Its function and its thread_local objects are over, which is what join promises. The end of the process, or of an
  // earlier life of the host, has frozen it on the last steps of its way out: the OS thread is never gone.
  const auto is_stuck_at_its_end = [&r] {
    return r.over.load() != 0 && some_may_be_frozen() && r.is_frozen_for_good();
  };
  if (is_stuck_at_its_end()) return true;
  const bool no_exit = exit_now.runner.load() == 0 && exit_now.now.load() == phase::running;
  if (deadline == os::forever && no_exit && !can_never_end(r) && join_directly(r)) return true;
  while (r.over.load() == 0) {
    // A daemon that runs on for a moment between two attempts to freeze it learns nothing of them: it sleeps in here.
    if (can_never_end(r) && !is_to_be_frozen()) throw exit_in_progress("curfew: join: the thread can no longer end");
    // On the exiting thread what it looks at above can change without a waking.
    const bool looks_again = exit_now.runner.load() != 0;
    const auto until = looks_again ? std::min(deadline, os::now_steady() + std::chrono::milliseconds(20)) : deadline;
    if (!sleep_until_over(r, until) && os::now_steady() >= deadline) return false;
  }
  if (is_stuck_at_its_end()) return true;
  // So is_alive() says no: a poll that came now waits for the moment until the OS thread is gone too.
  return reap(r, std::max(deadline, os::later(os::now_steady(), std::chrono::milliseconds(1000))));
}

}  // namespace curfew::inline v1::detail
