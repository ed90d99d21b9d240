// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/call_stack.hpp"
#include "os/clock.hpp"
#include "os/defer.hpp"
#include "os/end_timer.hpp"
#include "os/errno_keeper.hpp"
#include "os/freeze.hpp"
#include "os/interrupted.hpp"
#include "os/signal_linux.hpp"
#include "os/tasks.hpp"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace curfew::inline v1::detail::os {

constinit thread_local defer_state deferral;

// The section of `freeze_here`; the linker makes these names.
extern "C" {
[[gnu::visibility("hidden")]] extern const char __start_curfew_busy[];
[[gnu::visibility("hidden")]] extern const char __stop_curfew_busy[];
}

namespace {

using std::chrono::microseconds;

constinit thread_local freeze_cell* self [[gnu::tls_model("initial-exec")]] = nullptr;

futex_word answers{0};   // counts threads that came to stand
futex_word expected{0};  // the count that the freezer waits for
futex_word all_in{0};    // what it sleeps on meanwhile

// A thread that has refused so often gets a timer.
constexpr std::uint32_t hard_to_meet = 2;

// Notes in freeze_cell::asked_at, besides the count of refusals.
constexpr std::uint32_t never_asked = ~0U;
constexpr std::uint32_t is_gone = ~0U - 1;

/// One more thread executes nothing any more; the one that completes the number wakes the freezer.
void count_answer() noexcept {
  if (answers.fetch_add(1) + 1 != expected.load()) return;
  all_in.store(1);
  futex_wake(all_in);
}

freeze_order order_of(const freeze_cell& cell) noexcept { return static_cast<freeze_order>(cell.order.load()); }

/// Until somebody thaws the thread. Every signal is masked here.
void frozen_in(freeze_cell& cell) noexcept {
  cell.standing.store(1);
  count_answer();
  constexpr auto run = static_cast<std::uint32_t>(freeze_order::run);
  for (;;) {
    for (auto order = cell.order.load(); order != run; order = cell.order.load()) {
      if (order == static_cast<std::uint32_t>(freeze_order::answer)) {
        open_signals(cell.answered.load());  // its handlers run here, and now
        cell.order.compare_exchange_strong(order, static_cast<std::uint32_t>(freeze_order::stand));
        continue;
      }
      futex_wait(cell.order, order, forever, mark_of_frozen);
    }
    // A new freeze may have found us standing and not asked. Either it sees that we no longer stand, or we its order.
    cell.standing.store(0);
    if (cell.order.load() == run) return;
    cell.standing.store(1);
  }
}

void stand(freeze_cell& cell) noexcept {
  deferral.pending.store(nullptr, std::memory_order_relaxed);
  cell.held.store(deferral.depth.load(std::memory_order_relaxed) >
                      (deferral.in_wait.load(std::memory_order_relaxed) ? 1U : 0U) ||
                  holds_loader_lock());
  cell.condition.store(deferral.condition.load(std::memory_order_relaxed));
  frozen_in(cell);
}

struct stack_request {
  std::atomic<void**> frames{nullptr};
  std::atomic<int> capacity{0};
  std::atomic<int> count{0};
  futex_word done{0};
};
stack_request stack;  // its address marks the signals that ask for a call stack

void answer_stack_request(const void* context) noexcept {
  void** const frames = stack.frames.load();
  if (frames == nullptr) return;  // too late, the asker has gone on
  stack.count.store(read_call_stack(context, frames, stack.capacity.load()));
  stack.done.store(1);
  futex_wake(stack.done);
}

[[gnu::always_inline]] inline void ask_again() noexcept {
  if (self != nullptr) self->refused.fetch_add(1);
}

void tell_to_ask_again() noexcept { ask_again(); }

/// Counts as busy code, as what has called it: the thread is frozen by its own decision, or goes on to another moment.
[[gnu::section("curfew_busy"), gnu::noinline]] void freeze_here() noexcept {
  if (deferral.inside.load(std::memory_order_relaxed) > 0 || deferral.depth.load(std::memory_order_relaxed) > 0) return;
  deferral.pending.store(nullptr, std::memory_order_relaxed);
  freeze_cell* const cell = self;
  if (cell == nullptr || order_of(*cell) == freeze_order::run) return;
  deferral.inside.store(1, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  {
    const all_signals_masked masked;
    if (order_of(*cell) == freeze_order::stand && (holds_loader_lock() || c_library_unlocks()))
      ask_again();
    else
      stand(*cell);
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  deferral.inside.store(0, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (deferral.pending.load(std::memory_order_relaxed) != nullptr) ask_again();  // put off just now
}

/// A thread that spends nearly all its time inside the C library, and there mostly in the kernel, is outside for some
/// nanoseconds now and then: it has to be met thousands of times. The freezer, which has to be given a processor for
/// each, would take seconds. So the thread's own timer meets it again, a random time from here: as likely within one
/// microsecond as within 30, because just behind a system call of the C library's comes the way out of it.
void meet_again_soon(const freeze_cell& cell) noexcept {
  const int timer = cell.timer.load();
  if (timer == no_timer) return;
  const auto seed = (static_cast<std::uint64_t>(now_steady().time_since_epoch().count()) ^
                     (static_cast<std::uint64_t>(cell.refused.load()) << 32)) *
                    0x9e3779b97f4a7c15U;
  itimerspec when{};
  when.it_value.tv_nsec = static_cast<long>((256 + ((seed >> 48) & 255)) << ((seed >> 60) & 7));  // 256 ns to 65 us
  set_signal_timer(timer, 0, when);
}

constexpr freeze_calls our_calls{&freeze_here, &tell_to_ask_again};

void handler(int number, siginfo_t* info, void* context) {
  const errno_keeper keep;
  const void* const value = freeze_signal_value(info);
  if (value == &stack) return answer_stack_request(context);
  if (value == nullptr) return pass_signal_on(number, info, context);
  if (act_if_timer(value, context)) return;
  // The cell comes with the signal: the thread may never have heard of us (main, when a plugin brought curfew). Not for
  // a thread that has got the number of one that is gone.
  auto* const cell = static_cast<freeze_cell*>(const_cast<void*>(value));
  if (cell->tid.load() != ::gettid()) return;
  cell->pthread.store(::pthread_self());
  const auto order = order_of(*cell);
  if (order == freeze_order::run) return;
  // A bare clone without thread-local storage of its own: what is found there is another thread's.
  if (self != nullptr && self->tid.load() != ::gettid()) return frozen_in(*cell);
  self = cell;
  if (deferral.inside.load(std::memory_order_relaxed) > 0) {
    deferral.pending.store(&our_calls, std::memory_order_relaxed);
    cell->put_off.store(true);
    return;  // it comes out of there, and stands still then
  }
  if (order == freeze_order::stand) {
    const bool in_wait = deferral.in_wait.load(std::memory_order_relaxed);
    if (deferral.depth.load(std::memory_order_relaxed) > (in_wait ? 1U : 0U)) {
      deferral.pending.store(&our_calls, std::memory_order_relaxed);
      cell->put_off.store(true);
      return;
    }
    if (holds_loader_lock()) {
      cell->put_off.store(true);
      cell->refused.fetch_add(1);
      return;
    }
    // In a wait on a condition the mutex is given up only once the thread sleeps.
    if ((in_wait || inside_c_library(context)) && (!asleep_in_system_call(context) || is_notifying(context))) {
      // At its next unlock, or on its way out of a long call, if that comes first: a thread may be inside of the C
      // library nearly always.
      deferral.pending.store(&our_calls, std::memory_order_relaxed);
      cell->refused.fetch_add(1);
      meet_again_soon(*cell);
      return;
    }
  }
  leave_condition(cell->waits, deferral.condition.load(std::memory_order_relaxed), context);
  stand(*cell);
  return_to_condition(cell->waits, context);
}

/// What the freezer knows of one thread between two looks.
enum class look { standing, gone, waiting, not_asked };

look look_at(freeze_cell& cell, bool ask) noexcept {
  if (is_frozen(cell)) return look::standing;
  const pid_t tid = cell.tid.load();
  if (!ask) return thread_exists(tid) ? look::waiting : look::gone;  // it may have ended without taking the signal
  switch (send_freeze_signal(tid, &cell)) {
    case delivery::no_such_thread:
      return look::gone;
    case delivery::not_sent:
      return look::not_asked;
    case delivery::sent:
      break;
  }
  return look::waiting;
}

}  // namespace

void freeze_for_ever() noexcept {
  const all_signals_masked masked;
  if (self != nullptr) {
    self->ended_itself.store(true);
    count_answer();
  }
  const futex_word never{0};
  for (;;) futex_wait(never, 0, forever, mark_of_frozen);
}

void adopt_cell(freeze_cell& cell, pid_t own_id) noexcept {
  self = &cell;
  cell.tid.store(own_id);
  // The freezer writes the order, then reads the id; we the other way round: one of us sees the other.
  if (order_of(cell) != freeze_order::run) freeze_here();
}

void drop_cell() noexcept { self = nullptr; }

freeze_cell* own_cell() noexcept { return self; }

void reset_cell_after_fork() noexcept {
  deferral.pending.store(nullptr, std::memory_order_relaxed);
  if (self == nullptr) return;
  self->order.store(0);
  self->standing.store(0);
  self->ended_itself.store(false);
  self->timer.store(no_timer);
  self->tid.store(::gettid());
}

bool prepare_freezing() noexcept {
  find_c_library_code();
  find_condition_layout();
  add_busy_code(__start_curfew_busy, __stop_curfew_busy);
  return install_freeze_signal(&handler);
}

bool is_freeze_signal(int number) noexcept { return number == freeze_signal(); }

bool is_frozen(const freeze_cell& cell) noexcept {
  return cell.standing.load() != 0 || cell.ended_itself.load() || cell.tid.load() == 0;
}

freezer::freezer(std::span<freeze_cell* const> cells) noexcept : cells_(cells) {
  for (freeze_cell* cell : cells_) {
    cell->put_off.store(false);
    cell->refused.store(0);
    cell->order.store(static_cast<std::uint32_t>(freeze_order::stand));
    cell->asked_at = never_asked;
  }
}

freezer::~freezer() {
  for (freeze_cell* cell : cells_)
    if (const int timer = cell->timer.exchange(no_timer); timer != no_timer) delete_signal_timer(timer);
}

unsigned freezer::wait(steady_time until) noexcept {
  for (;; ++passes_) {
    const std::uint32_t seen = answers.load();
    all_in.store(0);
    unsigned left = 0;
    for (freeze_cell* cell : cells_) {
      if (cell->asked_at == is_gone) continue;
      // Asked again only after it has answered: the signals would pile up.
      const std::uint32_t refused = cell->refused.load();
      const bool ask = cell->asked_at != refused;
      switch (look_at(*cell, ask)) {
        case look::standing:
          break;
        case look::gone:
          cell->asked_at = is_gone;
          break;
        case look::waiting:
          ++left;
          if (ask) cell->asked_at = refused;
          has_asked_ = has_asked_ || ask;
          if (!CURFEW_TSAN && refused >= hard_to_meet && cell->timer.load() == no_timer)
            cell->timer.store(make_signal_timer(cell->tid.load(), cell));
          break;
        case look::not_asked:  // too many signals are pending: again in the next pass
          ++left;
          break;
      }
    }
    const auto now = now_steady();
    if (left == 0 || now >= until) return left;
    // Woken by the last of them, not by each; or a little later each time, to ask those that refuse, and never in step
    // with a loop that is in the C library at every n-th microsecond.
    expected.store(seen + left);
    if (answers.load() - seen < left)
      futex_wait(all_in, 0, std::min(until, now + microseconds(20 + (passes_ * 37) % 180)));
  }
}

void freezer::force_one(freeze_cell& cell) noexcept {
  if (cell.asked_at == is_gone || is_frozen(cell)) return;
  cell.order.store(static_cast<std::uint32_t>(freeze_order::freeze_anyhow));
  cell.asked_at = never_asked;
}

bool freezer::has_progressed() noexcept {
  bool progress = false;
  for (freeze_cell* cell : cells_) {
    if (cell->asked_at == is_gone || is_frozen(*cell)) continue;
    task_status now;
    if (!read_task(cell->tid.load(), now)) continue;
    progress = progress || now.state == 'R' || now.switches != cell->switches;
    cell->switches = now.switches;
  }
  return progress;
}

void freezer::force_holders() noexcept {
  for (freeze_cell* cell : cells_)
    if (cell->put_off.load() && order_of(*cell) == freeze_order::stand) force_one(*cell);
}

void freezer::force() noexcept {
  for (freeze_cell* cell : cells_)
    if (order_of(*cell) == freeze_order::stand) force_one(*cell);
}

freeze_result freezer::result() const noexcept {
  freeze_result result;
  for (const freeze_cell* cell : cells_) {
    if (cell->asked_at == is_gone || (!is_frozen(*cell) && !thread_exists(cell->tid.load()))) {
      ++result.gone;
    } else if (is_frozen(*cell)) {
      ++result.standing;
    } else {
      ++result.left;
      if (!cell->put_off.load() && cell->refused.load() == 0 &&
          (!has_asked_ || blocks_signal(cell->tid.load(), freeze_signal())))
        ++result.silent;
    }
  }
  return result;
}

bool let_answer_signals(freeze_cell& cell) noexcept {
  std::uint64_t asked = signals_pending_for(cell.tid.load()) & ~cell.answered.load();
  for (int number = 1; number <= 64; ++number)
    if ((asked >> (number - 1) & 1) != 0 && !is_handled_by_program(number))
      asked &= ~(std::uint64_t{1} << (number - 1));
  if (asked == 0) return false;
  cell.answered.fetch_or(asked);
  auto order = cell.order.load();
  while (order != static_cast<std::uint32_t>(freeze_order::run) &&
         !cell.order.compare_exchange_weak(order, static_cast<std::uint32_t>(freeze_order::answer))) {
  }
  futex_wake(cell.order);
  return true;
}

void thaw(std::span<freeze_cell* const> cells, steady_time until) noexcept {
  for (freeze_cell* cell : cells) {
    cell->order.store(static_cast<std::uint32_t>(freeze_order::run));
    futex_wake(cell->order);
  }
  const auto stands = [](const freeze_cell* cell) { return cell->standing.load() != 0; };
  while (std::ranges::any_of(cells, stands) && now_steady() < until) pause_for(microseconds(50));
}

int call_stack_of(pid_t tid, void** frames, int capacity, steady_time deadline) noexcept {
  stack.capacity.store(capacity);
  stack.count.store(0);
  stack.done.store(0);
  stack.frames.store(frames);
  if (send_freeze_signal(tid, &stack) == delivery::sent)
    while (stack.done.load() == 0 && futex_wait(stack.done, 0, deadline)) {
    }
  stack.frames.store(nullptr);
  return stack.done.load() != 0 ? stack.count.load() : 0;
}

}  // namespace curfew::inline v1::detail::os

#endif
