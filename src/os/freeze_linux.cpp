// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/awaited_mutex.hpp"
#include "os/c_library.hpp"
#include "os/call_stack.hpp"
#include "os/clock.hpp"
#include "os/defer.hpp"
#include "os/end_timer.hpp"
#include "os/errno_keeper.hpp"
#include "os/freeze.hpp"
#include "os/freeze_answers_linux.hpp"
#include "os/interrupted.hpp"
#include "os/signal_linux.hpp"
#include "os/signal_stacks.hpp"
#include "os/spin_locks.hpp"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <span>

namespace curfew::inline v1::detail::os {

constinit thread_local defer_state deferral;
constinit freeze_answers answers;

// The section of `freeze_here`; the linker makes these names.
extern "C" {
[[gnu::visibility("hidden")]] extern const char __start_curfew_busy[];
[[gnu::visibility("hidden")]] extern const char __stop_curfew_busy[];
}

namespace {

constinit thread_local freeze_cell* self [[gnu::tls_model("initial-exec")]] = nullptr;

/// Until somebody thaws the thread. Every signal is masked here.
void frozen_in(freeze_cell& cell, broken_call in_call) noexcept {
  cell.in_call.store(in_call);
  cell.frozen.store(1);
  answers.count_one();
  constexpr auto run = static_cast<std::uint32_t>(freeze_order::run);
  for (;;) {
    for (auto order = cell.order.load(); order != run; order = cell.order.load()) {
      if (order == static_cast<std::uint32_t>(freeze_order::answer)) {
        if (has_room_for_handler()) open_signals(cell.answered.load());  // its handlers run here, and now
        cell.order.compare_exchange_strong(order, static_cast<std::uint32_t>(freeze_order::freeze));
        continue;
      }
      futex_wait(cell.order, order, forever, mark_of_frozen);
    }
    // A new freeze may have found us frozen and not asked. Either it sees that we no longer are, or we see its order.
    cell.frozen.store(0);
    if (cell.order.load() == run) return;
    cell.frozen.store(1);
  }
}

void stand(freeze_cell& cell, broken_call in_call) noexcept {
  deferral.pending.store(nullptr, std::memory_order_relaxed);
  cell.held.store(deferral.depth.load(std::memory_order_relaxed) >
                      (deferral.in_wait.load(std::memory_order_relaxed) ? 1U : 0U) ||
                  holds_loader_lock());
  cell.condition.store(deferral.condition.load(std::memory_order_relaxed));
  frozen_in(cell, in_call);
}

struct stack_request {
  std::atomic<pid_t> whom{0};
  std::atomic<void**> frames{nullptr};
  std::atomic<int> capacity{0};
  std::atomic<int> count{0};
  register_sample registers;
  futex_word done{0};
  call_note call;  // that the signal may interrupt
};
stack_request stack;  // its address marks the signals that ask for a call stack

void answer_stack_request(const void* context) noexcept {
  void** const frames = stack.frames.load();
  if (frames == nullptr || stack.whom.load() != ::gettid()) return;  // too late, the asker has gone on
  const int capacity = stack.capacity.load();
  if (capacity == 0) {  // the registers will do, without an unwinder
    stack.registers.in_call = behind_system_call(context) && !is_yield_code(interrupted_at(context));
    stack.count.store(static_cast<int>(read_registers(context, stack.registers.values)));
  } else {
    stack.count.store(read_call_stack(context, frames, capacity));
  }
  // Which call it is may be seen from outside only: once that is known, it is begun again.
  interrupted_call_number(context, &stack.call);
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
    if (order_of(*cell) == freeze_order::freeze && (holds_loader_lock() || c_library_unlocks()))
      ask_again();
    else
      stand(*cell, broken_call::none);
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  deferral.inside.store(0, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (deferral.pending.load(std::memory_order_relaxed) != nullptr) ask_again();  // deferred just now
}

/// A thread that spends nearly all its time where it cannot be frozen is outside for some nanoseconds now and then: it
/// has to be met thousands of times. The freezer, which has to be given a processor for each, would take seconds. So
/// its own timer meets it again, a random time from here: at least `least`, doubled up to `doublings` times, and as
/// much again.
void ask_again_soon(const freeze_cell& cell, std::chrono::nanoseconds least, unsigned doublings) noexcept {
  const int timer = cell.timer.load();
  if (timer == no_timer) return;
  const auto seed = (static_cast<std::uint64_t>(now_steady().time_since_epoch().count()) ^
                     (static_cast<std::uint64_t>(cell.refused.load()) << 32)) *
                    0x9e3779b97f4a7c15U;
  itimerspec when{};
  const auto unit = static_cast<std::uint64_t>(least.count());
  when.it_value.tv_nsec =
      static_cast<long>((unit + (((seed >> 48) & 255) * unit >> 8)) << (seed >> 60) % (doublings + 1));
  set_signal_timer(timer, 0, when);
}

/// Just behind a system call of the C library's comes the way out of it: as likely within one microsecond as within 30.
constexpr auto out_of_c_library = std::chrono::nanoseconds(256);
/// The thread must have executed some instructions when the signal comes. Where a processor is a virtual one, the way
/// back to them takes longer: twice as long each time that it was found at the same place.
constexpr auto out_of_spin_lock = std::chrono::microseconds(2);
constexpr std::uint32_t most_doublings = 5;

/// A lock that is taken nearly always, by whomever, keeps nobody from being frozen; much less so a word that may be no
/// lock at all.
constexpr std::uint32_t most_spin_locks = 500, most_doubtful = 100;

/// A thread that was in a spin lock's section so often when it was outside of the C library is not met elsewhere: then
/// it is frozen inside the library, and the probe finds out whether it holds something there.
constexpr std::uint32_t most_looks_outside = 50;

/// The next signal often comes before the thread has executed an instruction, and then says nothing new.
constexpr std::uint32_t most_looks_at_a_place = 20;

/// Counts how often it has said yes, so that it says no in the end.
bool is_in_spin_lock(freeze_cell& cell, const void* context) noexcept {
  const void* const here = interrupted_at(context);
  if (here == cell.place && ++cell.same_place < most_looks_at_a_place) return true;
  cell.place = nullptr;
  if (cell.spin_locks >= most_spin_locks) return false;
  const spin_lock near = spin_lock_near(context);
  if (near == spin_lock::none || (near == spin_lock::perhaps_taken && cell.spin_locks >= most_doubtful)) return false;
  cell.place = here;
  cell.same_place = 0;
  ++cell.spin_locks;
  return true;
}

constexpr freeze_calls our_calls{&freeze_here, &tell_to_ask_again};

/// Does the calling thread sleep in front of a mutex of the freezer's, or of one that is frozen with it for that
/// reason? It may have other locks, but it will not give them back before the process ends.
bool waits_for_frozen_owner(const void* context, const freeze_cell& own) noexcept {
  if (!inside_c_library(context) || !surely_asleep_in_system_call(context)) return false;
  const pid_t owner = owner_of_awaited_mutex(context, interrupted_call_number(context, &own.call));
  if (owner <= 0) return false;
  if (owner == answers.freezer.load()) return true;
  const std::span others(answers.cells.load(), answers.cell_count.load());
  return std::ranges::any_of(others, [owner](const freeze_cell* cell) {
    return cell->tid.load() == owner && cell->frozen.load() != 0 && cell->held.load();
  });
}

/// What the thread that was asked does: it is frozen until it is thawed, or it refuses. True when the call that
/// was interrupted is to end: it waited on a condition variable, which is to be looked at again.
bool answer(freeze_cell* cell, void* context) noexcept {
  const auto order = order_of(*cell);
  if (order == freeze_order::run) return false;
  const broken_call in_call = interrupted_call(context, &cell->call);
  // A bare clone without thread-local storage of its own: what is found there is another thread's.
  if (self != nullptr && self->tid.load() != ::gettid()) {
    frozen_in(*cell, in_call);
    return false;
  }
  self = cell;
  note_interruption(context);
  if (deferral.inside.load(std::memory_order_relaxed) > 0) {
    deferral.pending.store(&our_calls, std::memory_order_relaxed);
    cell->deferred.store(true);
    return false;  // it comes out of there, and freezes then
  }
  if (order == freeze_order::freeze) {
    const bool in_wait = deferral.in_wait.load(std::memory_order_relaxed);
    if (deferral.depth.load(std::memory_order_relaxed) > (in_wait ? 1U : 0U) &&
        !waits_for_frozen_owner(context, *cell)) {
      deferral.pending.store(&our_calls, std::memory_order_relaxed);
      cell->deferred.store(true);
      return false;
    }
    if (holds_loader_lock()) {
      cell->deferred.store(true);
      cell->refused.fetch_add(1);
      return false;
    }
    // In a wait on a condition the mutex is given up only once the thread sleeps.
    const bool in_library = inside_c_library(context);
    const bool may_be_inside = !in_wait && cell->spin_locks >= most_looks_outside;
    if ((in_wait || in_library) &&
        ((!may_be_inside && !surely_asleep_in_system_call(context)) || is_notifying(context))) {
      // At its next unlock, or on its way out of a long call, if that comes first: a thread may be inside of the C
      // library nearly always.
      deferral.pending.store(&our_calls, std::memory_order_relaxed);
      cell->refused.fetch_add(1);
      ask_again_soon(*cell, out_of_c_library, 7);
      return false;
    }
    // Who sleeps in a call that the compiler has put into the code will be there at the next question, too.
    if (!in_library && !surely_asleep_in_system_call(context) && is_in_spin_lock(*cell, context)) {
      cell->refused.fetch_add(1);
      ask_again_soon(*cell, out_of_spin_lock * (1U << std::min(cell->same_place, most_doublings)), 2);
      return false;
    }
  }
  leave_condition(cell->waits, deferral.condition.load(std::memory_order_relaxed), context);
  stand(*cell, in_call);
  note_interruption(context);
  return return_to_condition(cell->waits, context);
}

/// The note of the system call that the signal may have interrupted, if there is one.
struct interrupted {
  call_note* note = nullptr;
  /// A handler of the program's has run meanwhile, or a condition variable is to be looked at again.
  bool ends = false;
};

/// Marks the signal that a thread sends itself, to be interrupted in a call that it knows.
constexpr char own_call = 0;

interrupted act_on(const void* value, void* context) noexcept {
  const errno_keeper keep;
  if (value == &own_call) {
    learn_number_of_call(context, SYS_ppoll);
  } else if (value == &stack) {
    answer_stack_request(context);
  } else if (!act_if_timer(value, context)) {
    // The cell comes with the signal: the thread may never have heard of us (main, when a plugin brought curfew).
    auto* const cell = static_cast<freeze_cell*>(const_cast<void*>(value));
    if (cell->tid.load() != ::gettid()) return {};  // the thread has got the number of one that is gone
    if (cell->frozen.load() != 0) return {};        // its timer's, as late as in a frozen thread that answers setuid
    cell->pthread.store(::pthread_self());
    const bool ends = answer(cell, context);
    return {&cell->call, ends || cell->answered.load() != 0};
  }
  return {};
}

/// Nothing in here has to be undone where a thread is cancelled in the last call: see preload/CMakeLists.txt.
void handler(int number, siginfo_t* info, void* context) {
  const void* const value = freeze_signal_value(info);
  if (value == nullptr) return pass_signal_on(number, info, context);
  const interrupted call = act_on(value, context);
  if (!call.ends) begin_call_again(context, call.note);
}

}  // namespace

void freeze_for_ever() noexcept {
  const all_signals_masked masked;
  if (self != nullptr) {
    self->ended_itself.store(true);
    answers.count_one();
  }
  open_signal_of_setuid();
  const futex_word never{0};
  for (;;) futex_wait(never, 0, forever, mark_of_frozen);
}

void adopt_cell(freeze_cell& cell, pid_t own_id) noexcept {
  self = &cell;
  if (cell.tid.load() != own_id) forget_signal_stack(own_id);
  cell.tid.store(own_id);
  // The freezer writes the order, then reads the id; we the other way round: one of us sees the other.
  if (order_of(cell) != freeze_order::run) freeze_here();
}

void drop_cell() noexcept { self = nullptr; }

freeze_cell* own_cell() noexcept { return self; }

void reset_cell_after_fork() noexcept {
  note_own_signal_stack();
  deferral.pending.store(nullptr, std::memory_order_relaxed);
  if (self == nullptr) return;
  self->order.store(0);
  self->frozen.store(0);
  self->ended_itself.store(false);
  self->timer.store(no_timer);
  self->tid.store(::gettid());
}

bool prepare_freezing() noexcept {
  find_c_library_code();
  find_condition_layout();
  find_size_of_signal_frame();
  static std::atomic<bool> added{false};
  if (!added.exchange(true)) add_busy_code(__start_curfew_busy, __stop_curfew_busy);
  return install_freeze_signal(&handler);
}

bool has_to_learn_from_own_calls() noexcept { return calls_hide_their_number(); }

void learn_from_own_calls() noexcept {
#if CURFEW_CPU_X86_64 && defined(__GLIBC__) && !CURFEW_TSAN
  const errno_keeper keep;
  const pid_t self_id = ::gettid();
  int before = PTHREAD_CANCEL_ENABLE;
  for (const int state : {PTHREAD_CANCEL_ENABLE, PTHREAD_CANCEL_DISABLE}) {
    ::pthread_setcancelstate(state, state == PTHREAD_CANCEL_ENABLE ? &before : nullptr);
    // The signal is held back until the call, and ends it at once.
    const all_signals_masked masked;
    if (send_freeze_signal(self_id, &own_call) != delivery::sent) break;
    sigset_t all_but_it;
    std::memset(&all_but_it, 0xff, sizeof all_but_it);  // the C library's functions for sets leave this signal out
    const unsigned long closed = all_but_faults & ~(1UL << (freeze_signal_for(self_id) - 1));
    std::memcpy(&all_but_it, &closed, sizeof closed);
    const timespec at_once{};
    ::ppoll(nullptr, 0, &at_once, &all_but_it);
  }
  ::pthread_setcancelstate(before, nullptr);
#endif
}

bool is_frozen(const freeze_cell& cell) noexcept {
  return cell.frozen.load() != 0 || cell.ended_itself.load() || cell.tid.load() == 0;
}

int call_stack_of(pid_t tid, void** frames, int capacity, steady_time deadline) noexcept {
  // One request at a time: a dump may come while the watch asks, or in a handler on the very thread that asks.
  static constinit std::atomic<bool> in_use{false};
  while (in_use.exchange(true)) {
    if (now_steady() >= deadline) return 0;
    pause_for(std::chrono::microseconds(200));
  }
  stack.whom.store(tid);
  stack.capacity.store(capacity);
  stack.count.store(0);
  stack.done.store(0);
  stack.frames.store(frames);
  note_call(tid, stack.call);
  if (send_freeze_signal(tid, &stack) == delivery::sent)
    while (stack.done.load() == 0 && futex_wait(stack.done, 0, deadline)) {
    }
  stack.frames.store(nullptr);
  const int count = stack.done.load() != 0 ? stack.count.load() : 0;
  in_use.store(false);
  return count;
}

std::uint64_t register_sample::fingerprint() const noexcept {
  std::uint64_t mixed = 0;
  for (const std::uint64_t value : values) mixed = (std::rotl(mixed, 7) ^ value) * 0x9e3779b97f4a7c15U;
  return mixed;
}

bool sample_registers(pid_t tid, register_sample& sample, steady_time deadline) noexcept {
  // It must stay, the answer may come late; and have room for what others ask for then.
  static void* frames[most_frames_asked_for];
  if (call_stack_of(tid, frames, 0, deadline) == 0) return false;
  sample = stack.registers;
  return true;
}

}  // namespace curfew::inline v1::detail::os

#endif
