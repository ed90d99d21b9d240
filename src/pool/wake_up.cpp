// SPDX-License-Identifier: Apache-2.0
// Who is called when there is work.
#include "pool/state.hpp"

namespace curfew::inline v1::detail {

wake_up wake_up_locked(pool_state& p, std::size_t tasks) noexcept {
  const std::uint32_t searching = p.searching.load(std::memory_order_relaxed);
  wake_up call;
  if (tasks <= searching) return call;
  // Where tasks may be short one worker at a time is woken: when it has found a task and there are more, it calls the
  // next. To wake one costs more than many a task.
  if (p.takes_batches && searching != 0 && p.parked != nullptr) return call;
  call.wake = unpark_locked(p);
  if (call.wake == nullptr && p.total < p.limit) {
    ++p.total;
    add_searching_locked(p, 1);
    find_out_growth_locked(p);
    call.start = true;
  }
  return call;
}

worker* unpark_locked(pool_state& p) noexcept {
  worker* const w = p.parked;
  if (w == nullptr) return nullptr;
  p.parked = w->below;
  p.sleeping.store(p.sleeping.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  w->below = nullptr;
  w->parked = false;
  w->searching = true;
  w->wake.store(1, std::memory_order_release);
  add_searching_locked(p, 1);
  return w;
}

void wake_worker(worker* w) noexcept {
  // It may be up, and gone, by now: to wake who sleeps on a word that is no more disturbs nobody.
  if (w != nullptr) os::futex_wake(w->wake, 1);
}

void carry_out(pool_state& p, wake_up call) noexcept {
  wake_worker(call.wake);
  if (!call.start) return;
  try {
    start_worker(p);
  } catch (...) {  // NOLINT(bugprone-empty-catch): then the task waits for a worker that is there
  }
}

void stop_searching(worker& w) noexcept {
  pool_state& p = w.pool;
  wake_up call;
  {
    const lock_pool lock(p);
    if (w.searching) add_searching_locked(p, -1);
    w.searching = false;
    if (!p.ending && !p.closed) call = wake_up_locked(p, waiting_locked(p));
  }
  carry_out(p, call);
}

}  // namespace curfew::inline v1::detail
