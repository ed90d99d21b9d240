// SPDX-License-Identifier: Apache-2.0
// Threads, signals, and std::terminate.
#include "check/facts/threads.hpp"
#include "check/entry/begin.hpp"
#include "check/exit/exit_watch.hpp"
#include "check/exit/held_resources.hpp"
#include "check/exit/runtime_exit.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/sleepers.hpp"
#include "check/facts/stack.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/fault_signals.hpp"
#include "check/linux/real.hpp"
#include "check/memory/faults.hpp"
#include "check/memory/main_locals.hpp"
#include "check/memory/recent_frees.hpp"
#include "check/memory/waits.hpp"
#include "exported.hpp"

#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <threads.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <new>

namespace curfew::check {
namespace {

constinit real_function<int(pthread_t, void**)> next_join("pthread_join");
constinit real_function<int(pthread_t)> next_detach("pthread_detach");
constinit real_function<int(pthread_t, pthread_attr_t*)> next_getattr("pthread_getattr_np");
constinit real_function<int(int, const sigset_t*, sigset_t*)> next_sigmask("pthread_sigmask");
constinit real_function<int(int, const sigset_t*, sigset_t*)> next_procmask("sigprocmask");
constinit real_function<int(clockid_t, sigevent*, timer_t*)> next_timer_create("timer_create");
constinit real_function<int(timer_t)> next_timer_delete("timer_delete"), next_timer_getoverrun("timer_getoverrun");
constinit real_function<int(timer_t, itimerspec*)> next_timer_gettime("timer_gettime");
constinit real_function<int(timer_t, int, const itimerspec*, itimerspec*)> next_timer_settime("timer_settime");
constinit real_function<int(mqd_t, const sigevent*)> next_mq_notify("mq_notify");
constinit real_function<void()> next_terminate("_ZSt9terminatev");

[[gnu::constructor(102)]] void find_next_functions() {
  next_join.get();
  next_sigmask.get();
  next_procmask.get();
  find_all(next_timer_create, next_timer_delete, next_timer_getoverrun, next_timer_gettime, next_timer_settime);
  next_terminate.get();
}

void note_join(pthread_t thread) noexcept {
  const bool itself = ::pthread_equal(thread, ::pthread_self()) != 0;
  const int lost = left_behind(thread);
  if (!exiting() || (lost < 0 && !itself)) return;
  call_stack stack;
  walk(stack);
  emit(joined_nobody{.joined = itself ? current_thread() : lost, .itself = itself ? 1U : 0U}, current_thread(), stack);
}

/// What a thread that the C library starts for an event is to call. Never freed: one may begin when its timer is gone.
struct notification {
  void (*function)(sigval);
  sigval value;
  std::atomic<unsigned> running_at_exit{0};
};
/// Those that crash or are held during the exit stay: events that come then all the same are dropped.
constexpr unsigned max_running_at_exit = 16;

/// Such a thread has all signals blocked, and does not come past pthread_create.
void notify(sigval given) {
  auto& what = *static_cast<notification*>(given.sival_ptr);
  const bool exits = exiting();
  if (exits && what.running_at_exit.load() >= max_running_at_exit) return;
  if (exits) what.running_at_exit.fetch_add(1);
  unblock_fault_signals();
  adopt_notified_thread(reinterpret_cast<std::uint64_t>(what.function));
  what.function(what.value);
  if (exits) what.running_at_exit.fetch_sub(1);
}

/// The same event, which calls `notify`. False when there is nothing to change, or no memory.
bool by_way_of_notify(const sigevent* given, sigevent& changed) noexcept {
  if (record == nullptr || given == nullptr || given->sigev_notify != SIGEV_THREAD) return false;
  auto* const memory = std::malloc(sizeof(notification));
  if (memory == nullptr) return false;
  auto* const what = new (memory) notification{given->sigev_notify_function, given->sigev_value};
  changed = *given;
  changed.sigev_notify_function = &notify;
  changed.sigev_value.sival_ptr = what;
  return true;
}

}  // namespace
}  // namespace curfew::check

using namespace curfew::check;

extern "C" {

CURFEW_EXPORTED int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*routine)(void*),
                                   void* argument) noexcept {
  begin_early();
  if (record == nullptr) return real_pthread_create(handle, attributes, routine, argument);
  const int error = start_thread(handle, attributes, routine, argument, &forget_wait);
  if (error == 0 && is_main_thread()) begin_late_frees();
  return error;
}

CURFEW_EXPORTED int pthread_join(pthread_t thread, void** result) {
  if (record != nullptr) {
    begin_exit_of_runtime();
    note_join(thread);
  }
  const int error = next_join.get()(thread, result);
  if (error == 0 && record != nullptr) note_joined(thread);
  return error;
}

CURFEW_EXPORTED int pthread_detach(pthread_t thread) noexcept {
  if (record != nullptr) note_detached(thread);
  return next_detach.get()(thread);
}

/// Of main's stack the C library looks for the mapping that it lies in, and closed pages divide that.
CURFEW_EXPORTED int pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes) noexcept {
  const opened_main_locals opened;
  return next_getattr.get()(thread, attributes);
}

/// The C library's does not come past pthread_create.
CURFEW_EXPORTED int thrd_create(thrd_t* handle, thrd_start_t routine, void* argument) {
  struct start {
    thrd_start_t routine;
    void* argument;
  };
  auto* const what = static_cast<start*>(std::malloc(sizeof(start)));
  if (what == nullptr) return thrd_nomem;
  *what = {routine, argument};
  const int error = ::pthread_create(
      handle, nullptr,
      [](void* given) -> void* {
        const start one = *static_cast<start*>(given);
        std::free(given);
        return reinterpret_cast<void*>(static_cast<std::intptr_t>(one.routine(one.argument)));
      },
      what);
  if (error == 0) return thrd_success;
  std::free(what);
  return error == ENOMEM ? thrd_nomem : thrd_error;
}

CURFEW_EXPORTED int thrd_join(thrd_t thread, int* result) {
  void* got = nullptr;
  const int error = ::pthread_join(thread, &got);
  if (result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(got));
  return error == 0 ? thrd_success : thrd_error;
}

CURFEW_EXPORTED int thrd_detach(thrd_t thread) { return ::pthread_detach(thread) == 0 ? thrd_success : thrd_error; }

CURFEW_EXPORTED int timer_create(clockid_t clock, sigevent* how, timer_t* timer) noexcept {
  note_timer();
  sigevent changed;
  return next_timer_create.get()(clock, by_way_of_notify(how, changed) ? &changed : how, timer);
}

// Nothing is to be done in these. But whoever asks for the functions without a version, or for the oldest, has those
// that take another kind of timer than timer_create above has made.

CURFEW_EXPORTED int timer_delete(timer_t timer) noexcept { return next_timer_delete.get()(timer); }
CURFEW_EXPORTED int timer_getoverrun(timer_t timer) noexcept { return next_timer_getoverrun.get()(timer); }
CURFEW_EXPORTED int timer_gettime(timer_t timer, itimerspec* left) noexcept {
  return next_timer_gettime.get()(timer, left);
}
CURFEW_EXPORTED int timer_settime(timer_t timer, int flags, const itimerspec* when, itimerspec* before) noexcept {
  return next_timer_settime.get()(timer, flags, when, before);
}

CURFEW_EXPORTED int mq_notify(mqd_t queue, const sigevent* how) noexcept {
  sigevent changed;
  return next_mq_notify.get()(queue, by_way_of_notify(how, changed) ? &changed : how);
}

CURFEW_EXPORTED int sigaction(int signal, const struct sigaction* to, struct sigaction* before) noexcept {
  if (record == nullptr) return real_sigaction(signal, to, before);
  if (keep_program_action(signal, to, before)) return 0;
  if (to != nullptr) {
    struct sigaction changed = *to;
    if (without_fault_signals(to->sa_mask, changed.sa_mask)) return real_sigaction(signal, &changed, before);
  }
  return real_sigaction(signal, to, before);
}

CURFEW_EXPORTED __sighandler_t signal(int number, __sighandler_t handler) noexcept {
  struct sigaction to {
  }, before{};
  to.sa_handler = handler;
  to.sa_flags = SA_RESTART;
  sigemptyset(&to.sa_mask);
  return ::sigaction(number, &to, &before) == 0 ? before.sa_handler : SIG_ERR;
}

CURFEW_EXPORTED int pthread_sigmask(int how, const sigset_t* to, sigset_t* before) noexcept {
  sigset_t changed;
  if (record != nullptr && to != nullptr && how != SIG_UNBLOCK && without_fault_signals(*to, changed))
    return next_sigmask.get()(how, &changed, before);
  return next_sigmask.get()(how, to, before);
}

CURFEW_EXPORTED int sigprocmask(int how, const sigset_t* to, sigset_t* before) noexcept {
  sigset_t changed;
  if (record != nullptr && to != nullptr && how != SIG_UNBLOCK && without_fault_signals(*to, changed))
    return next_procmask.get()(how, &changed, before);
  return next_procmask.get()(how, to, before);
}

/// std::terminate.
// NOLINTNEXTLINE(readability-identifier-naming): the compiler's own name
CURFEW_EXPORTED [[noreturn]] void _ZSt9terminatev() noexcept {
  if (record != nullptr) {
    if (!exiting()) record_maps();
    call_stack stack;
    walk(stack);
    const bool exits = !exiting() || is_exiting_thread();
    emit(terminated{.beside_exit = exits ? 0U : 1U, .joinable = exits ? joinable_in_destruction() : -1},
         current_thread(), stack);
  }
  if (auto* const next = next_terminate.get_for(__builtin_return_address(0))) next();
  __builtin_trap();
}

}  // extern "C"
