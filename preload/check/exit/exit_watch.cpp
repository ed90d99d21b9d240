// SPDX-License-Identifier: Apache-2.0
#include "check/exit/exit_watch.hpp"

#include "check/exit/blocked.hpp"
#include "check/exit/child_of_exit.hpp"
#include "check/exit/held_resources.hpp"
#include "check/exit/registrations.hpp"
#include "check/exit/remaining_threads.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/frozen.hpp"
#include "check/facts/giving_time.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/sleepers.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/facts/time_spent.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/signals_off.hpp"
#include "check/linux/sleeping.hpp"
#include "check/memory/accesses.hpp"
#include "check/memory/faults.hpp"
#include "check/memory/freed.hpp"
#include "check/memory/held_threads.hpp"
#include "check/memory/main_locals.hpp"
#include "check/memory/pages.hpp"
#include "check/memory/recent_frees.hpp"
#include "check/memory/waits.hpp"

#include <linux/futex.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>

namespace curfew::check {
namespace {

constinit std::atomic<bool> watching{false}, watch_has_to_end{false};
/// Between the end of the exiting thread and the next handler the time limit takes the watching thread's place.
constinit std::atomic<bool> unwatched{false};
void watch_late() noexcept {
  set_status_by_force(0);
  unwatched.store(true);
  set_alarm(early_patience(), &report_early);
}
/// A dlclose under way.
constinit std::atomic<pid_t> closing_tid{0};
constinit std::atomic<std::uint64_t> closing_since{0};
constinit char closing_path[256]{};
constinit thread_local int closing_depth [[gnu::tls_model("initial-exec")]] = 0;

void sleep_ms(unsigned ms) noexcept {
  timespec left{ms / 1000, static_cast<long>(ms % 1000) * 1'000'000};
  kernel_call(SYS_nanosleep, &left, nullptr);
}

/// What all other threads of the process have done: grows while any of them does something.
std::uint64_t activity() noexcept {
  rusage all{}, own{};
  ::getrusage(RUSAGE_SELF, &all);
  ::getrusage(RUSAGE_THREAD, &own);
  const auto sum = [](const rusage& r) {
    return static_cast<std::uint64_t>(r.ru_nvcsw) +
           static_cast<std::uint64_t>(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
           static_cast<std::uint64_t>(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
  };
  return sum(all) - sum(own) - parkings();
}

/// Will the thread go on by itself after a while?
bool sleeps_for_a_while(pid_t tid, int index) noexcept {
  if (index >= 0 && (record->threads[index].state.load() & thread_record::crashed) != 0) return false;
  if (const wait_facts wait = wait_of(index); wait.parked) return wait.timed;
  sleeping in;
  // While nobody does anything, one that is not asleep only has no processor.
  return !asleep(tid, in) || has_limit(in);
}
bool somebody_sleeps_for_a_while(pid_t blocked) noexcept {
  bool found = sleeps_for_a_while(blocked, thread_of(blocked));
  for_each_other(
      [](pid_t tid, int index, void* given) { *static_cast<bool*>(given) |= sleeps_for_a_while(tid, index); }, &found);
  return found;
}

/// With nothing to watch, the watching thread looks only now and then.
constinit std::atomic<std::uint32_t> work{0};
void announce_work() noexcept {
  work.fetch_add(1);
  kernel_call(SYS_futex, &work, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
}
void wait_for_work() noexcept {
  const timespec now_and_then{0, 100'000'000};
  const std::uint32_t seen = work.load();
  if (!exiting() && closing_tid.load() == 0)
    kernel_call(SYS_futex, &work, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, seen, &now_and_then, nullptr, 0);
}

/// The exiting thread, or main's, is gone: it has left by pthread_exit.
bool has_left() noexcept {
  const pid_t tid = exiting() ? exiting_tid.load() : static_cast<pid_t>(kernel_call(SYS_getpid));
  return !is_running(tid) || is_ended_main(tid);
}
/// The process then ends with its last thread, which is the watching one: it has to end for that, and goes on with the
/// exit, as the program's own last thread would have. Where the C library's lock has died with the thread that was
/// inside the exit, nobody can.
void become_last_thread() noexcept {
  watching_thread.store(0);
  if (exiting()) exiting_tid.store(static_cast<pid_t>(kernel_call(SYS_gettid)));
  const std::uint64_t none = 0;
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
  watch_late();
}

/// How often it is looked for threads that have no processor, in turns of the watching thread.
constexpr unsigned ticks_per_look = 20;
/// On a busy machine an exit may make no progress for so many times as long.
constexpr std::uint64_t most_patience = 10;

void* watch(void*) {
  watching_thread.store(static_cast<pid_t>(kernel_call(SYS_gettid)));
  kernel_call(SYS_futex, &watching_thread, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
  std::uint64_t last = 0, since = now_ns(), activity_then = 0, quiet_since = since;
  std::uint64_t blocked_since = since;
  unsigned sleeps = 0;
  delays waits_for_processor;
  for (unsigned ticks = 0;; ++ticks) {
    if (exiting() || closing_tid.load() != 0)
      sleep_ms(5);
    else
      wait_for_work();
    if (watch_has_to_end.load()) return nullptr;
    if (was_forked_beside_exit()) look_for_lock_left_behind();
    const pid_t closing = exiting() ? 0 : closing_tid.load();
    const std::uint64_t now = now_ns();
    const std::uint64_t progress = exiting() ? exit_steps() : closing_since.load();
    const std::uint64_t done = activity();
    // A program that uses curfew waits for its regular threads as long as they take: that is no fault.
    sleeping exiting_in;
    const bool waits_for_regular = exiting() && asleep(exiting_tid.load(), exiting_in) && waits_by_curfew(exiting_in);
    if (waits_for_regular)
      if (auto* const runs = written<destructor_ran>(running_destructor.load())) runs->by_curfew = 1;
    const bool left = closing == 0 && progress == last && has_left();
    if (left && is_alone()) return become_last_thread(), nullptr;
    if (progress != last || (closing == 0 && !exiting()) || waits_for_regular || left) {
      last = progress;
      since = quiet_since = blocked_since = now;
    }
    // What threads have no processor for is not the exit's fault; but even on a busy machine it has to end.
    if (ticks % ticks_per_look == 0) {
      const std::uint64_t delayed = waits_for_processor.look();
      if ((now - blocked_since) / 1'000'000 < most_patience * std::uint64_t{settings.patience_ms})
        since = std::min(now, since + delayed);
    }
    // The watching thread's own cost to others is a fault or two a tick.
    if (done > activity_then + 1) quiet_since = now;
    activity_then = done;
    const auto waited = (now - since) / 1'000'000, quiet = (now - quiet_since) / 1'000'000;
    if (exiting() && somebody_is_held()) {
      // A destructor that sleeps may be waiting for who is held; one that works is only slow.
      sleeping in;
      sleeps = asleep(exiting_tid.load(), in) && !is_giving_time() ? sleeps + 1 : 0;
      if (sleeps >= 8 || waited >= 1000) release_held();
    }
    const auto patience = static_cast<std::uint64_t>(settings.patience_ms);
    if (waited < patience) {
      if (quiet < std::min<std::uint64_t>(patience, 3000)) continue;
      // Who sleeps for a while may be about to end what the exit waits for. Look again in half a second.
      if (somebody_sleeps_for_a_while(closing != 0 ? closing : exiting_tid.load())) {
        quiet_since += 500'000'000;
        continue;
      }
    }
    if (closing != 0) emit(library_closing{add_text(closing_path, std::strlen(closing_path))});
    report_blocked(closing != 0 ? closing : exiting_tid.load(), waited);
  }
}

void start_watch() noexcept {
  if (watching.exchange(true)) return announce_work();
  prepare_stacks(&stay_here);
  const signals_off off;  // the thread inherits that
  if (exiting()) set_alarm(early_patience(), &report_early);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(&attributes, std::size_t{256} << 10);
  pthread_t thread{};
  if (real_pthread_create(&thread, &attributes, &watch, nullptr) != 0) return;
  while (watching_thread.load() == 0)
    kernel_call(SYS_futex, &watching_thread, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, nullptr, nullptr, 0);
  allow_holding();
}

/// The exiting thread ends instead of going on (pthread_exit in a handler). If the program has no other, its C library
/// begins the exit again in this one, which may be the only one that can: the watching thread must not come after it.
/// Later than the destructors of the program's own keys.
constinit pthread_key_t exiting_thread_key = 0;
void exiting_thread_ends(void* value) {
  const auto round = reinterpret_cast<std::uintptr_t>(value);
  if (round < 2) {
    ::pthread_setspecific(exiting_thread_key, reinterpret_cast<void*>(round + 1));
    return;
  }
  const pid_t watcher = watching_thread.load();
  if (!is_exiting_thread() || watcher == 0 || !is_alone()) return;
  watch_has_to_end.store(true);
  for (unsigned ms = 0; is_running(watcher) && ms < 1000; ++ms) sleep_ms(1);
  forbid_holding();
  watching_thread.store(0);
  watch_has_to_end.store(false);
  watching.store(false);
  watch_late();
}

void at_the_end(void*) {
  if (record == nullptr) return;
  if (!exiting()) begin_exit(0, exit_by::handler);
  if (!is_exiting_thread()) return;
  watch_again();
  note_step();
  // In a run that is not slowed down, this is where they would be frozen.
  look_at_threads(thread_moment::end);
  // What the libraries' own end has freed.
  close_freed();
  linger();
  note_step();
  open_everything();
  // Before anybody is interrupted, and might give a lock back.
  look_at_held_resources();
  look_at_threads(thread_moment::end_with_stacks);
  emit(exit_ended{}, current_thread());
  note_step();
}

}  // namespace

bool begin_exit(int status, exit_by how) noexcept {
  if (record == nullptr) return false;
  pid_t expected = 0;
  if (!exiting_tid.compare_exchange_strong(expected, static_cast<pid_t>(kernel_call(SYS_gettid)))) {
    if (how == exit_by::handler || !is_exiting_thread()) return false;
    set_status_by_force(status);
    if (was_forked_beside_exit() && begin_exit_of_child(status, how)) {
      start_watch();
      set_alarm(0, nullptr);
    }
    return false;
  }
  set_status_by_force(status);
  record_maps();
  // Before the first call stack: what called exit may be gone (code that was made at run time), and reading it faults.
  watch_faults();
  take_stack_signal(&stay_here);
  set_alarm(early_patience(), &report_early);
  call_stack stack;
  if (how != exit_by::return_from_main) walk(stack);
  set_alarm(0, nullptr);
  emit(exit_began{.status = status, .how = how, .patience_ms = settings.patience_ms}, current_thread(), stack);
  if (how == exit_by::call) note_interrupted_code(stack);
  look_at_threads(thread_moment::begin);
  prepare_pages();
  if (is_main_thread()) end_late_frees(how == exit_by::return_from_main ? close_main_locals() : -1);
  measure_objects();
  if (exiting_thread_key != 0 || ::pthread_key_create(&exiting_thread_key, &exiting_thread_ends) == 0)
    ::pthread_setspecific(exiting_thread_key, reinterpret_cast<void*>(1));
  start_watch();
  set_alarm(0, nullptr);
  let_locks_settle(20);
  return true;
}

void watch_again() noexcept {
  if (!unwatched.load() || !unwatched.exchange(false)) return;
  set_alarm(0, nullptr);
  start_watch();
  set_alarm(0, nullptr);
}

bool begin_exit_by_handler() noexcept {
  if (closing_depth != 0) return false;
  begin_exit(0, exit_by::handler);
  return true;
}

bool is_second_exit(int status, exit_by how) noexcept {
  if (!exiting() || is_exiting_thread()) return false;
  call_stack stack;
  walk(stack);
  emit(exit_again{.status = status, .how = how}, current_thread(), stack);
  return true;
}

void note_registration(std::uint64_t object, std::uint64_t size) noexcept {
  if (size == 0) return;
  call_stack stack;
  walk(stack);
  emit(static_built{.object = object, .size = size}, current_thread(), stack);
}

void begin_closing(const char* path) noexcept {
  if (closing_depth++ != 0 || exiting() || is_alone()) return;
  pid_t expected = 0;
  if (!closing_tid.compare_exchange_strong(expected, static_cast<pid_t>(kernel_call(SYS_gettid)))) return;
  std::snprintf(closing_path, sizeof closing_path, "%s", path);
  closing_since.store(now_ns());
  start_watch();
}

void end_closing() noexcept {
  if (--closing_depth != 0 || closing_tid.load() != static_cast<pid_t>(kernel_call(SYS_gettid))) return;
  closing_tid.store(0);
}

void watch_for_end() noexcept { real_cxa_atexit(&at_the_end, nullptr, nullptr); }

void forget_watch_after_fork() noexcept {
  watching.store(false);
  forbid_holding();
  forget_all_waits();
  closing_tid.store(0);
  exit_on_after_fork();
}

void linger() noexcept {
  const std::uint64_t begin = now_ns(), ms = 1'000'000;
  if (settings.sleepers_ms != 0) wait_for_sleepers(begin + settings.sleepers_ms * ms);
  // Where nobody would do anything there is nothing to wait for. Who asks for a time gets all of it.
  constexpr unsigned looks_needed = 4;
  const std::uint64_t end = begin + settings.linger_ms * ms;
  for (unsigned looks = 0; now_ns() < end && !is_alone() && looks < looks_needed;) {
    sleep_ms(10);
    looks = settings.sleepers_ms != 0 && all_sleep_until(end) ? looks + 1 : 0;
  }
}

void watch_faults() noexcept {
  install_fault_handlers([]() noexcept {
    // What other threads would still have come to do.
    linger();
    look_at_threads(thread_moment::end);
  });
}

}  // namespace curfew::check
