// SPDX-License-Identifier: Apache-2.0
// Threads and what they wait on. Until the exit begins every wait is the C library's own.
#include "check/calls.hpp"
#include "check/exit_watch.hpp"
#include "check/faults.hpp"
#include "check/leftovers.hpp"
#include "check/pages.hpp"
#include "check/real.hpp"
#include "check/recorder.hpp"
#include "check/runtime_exit.hpp"
#include "check/stack.hpp"
#include "check/threads.hpp"
#include "exported.hpp"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <threads.h>
#include <time.h>

#include <cerrno>
#include <exception>

namespace curfew::check {
namespace {

constexpr const char* cond_version = "GLIBC_2.3.2";  // that of today's pthread_cond_t

constinit real_function<int(pthread_t, void**)> next_join("pthread_join");
constinit real_function<int(pthread_t)> next_detach("pthread_detach");
constinit real_function<int(pthread_cond_t*, pthread_mutex_t*)> next_cond_wait("pthread_cond_wait", cond_version);
constinit real_function<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> next_cond_timedwait(
    "pthread_cond_timedwait", cond_version);
constinit real_function<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)> next_cond_clockwait(
    "pthread_cond_clockwait");
constinit real_function<int(pthread_cond_t*)> next_cond_destroy("pthread_cond_destroy", cond_version);
constinit real_function<int(sem_t*)> next_sem_wait("sem_wait");
constinit real_function<int(sem_t*, const timespec*)> next_sem_timedwait("sem_timedwait");
constinit real_function<int(sem_t*, clockid_t, const timespec*)> next_sem_clockwait("sem_clockwait");
constinit real_function<int(pthread_rwlock_t*)> next_rdlock("pthread_rwlock_rdlock");
constinit real_function<int(pthread_rwlock_t*)> next_wrlock("pthread_rwlock_wrlock");
constinit real_function<int(int, const sigset_t*, sigset_t*)> next_sigmask("pthread_sigmask");
constinit real_function<int(int, const sigset_t*, sigset_t*)> next_procmask("sigprocmask");
constinit real_function<void()> next_terminate("_ZSt9terminatev");

[[gnu::constructor(102)]] void find_next_functions() {
  next_join.get();
  next_cond_wait.get();
  next_cond_timedwait.get();
  next_cond_clockwait.get();
  next_cond_destroy.get();
  next_sem_wait.get();
  next_rdlock.get();
  next_wrlock.get();
  next_sigmask.get();
  next_procmask.get();
  next_terminate.get();
}

/// The kernel does not look at a word on a closed page, and the C library ends the process for that. Where something
/// that is waited on lies beside a destroyed static, the wait is one that asks again and again.
bool must_ask(const void* object) noexcept { return exiting() && is_closed(object); }

void pause_shortly() noexcept {
  const timespec shortly{0, 500'000};
  ::nanosleep(&shortly, nullptr);
}

bool has_passed(clockid_t clock, const timespec& until) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec);
}

/// A wait that ends early, as waits on conditions may.
int wait_shortly(pthread_mutex_t* mutex) noexcept {
  ::pthread_mutex_unlock(mutex);
  pause_shortly();
  return ::pthread_mutex_lock(mutex);
}

int ask_semaphore(sem_t* semaphore, clockid_t clock, const timespec* until) noexcept {
  while (::sem_trywait(semaphore) != 0) {
    if (errno != EAGAIN) return -1;
    if (until != nullptr && has_passed(clock, *until)) {
      errno = ETIMEDOUT;
      return -1;
    }
    pause_shortly();
  }
  return 0;
}

/// In a child of fork: the C library waits for waiters that only the parent has.
void note_condition(const pthread_cond_t& condition) noexcept {
  if (!is_forked_child() || !exiting() || condition.__data.__wrefs >> 3 == 0 || !is_alone()) return;
  call_stack stack;
  walk(stack);
  emit({.kind = event_kind::condition_destroyed,
        .a = reinterpret_cast<std::uint64_t>(&condition),
        .thread = current_thread(),
        .stack = stack.frames,
        .stack_count = stack.count});
}

void note_join(pthread_t thread) noexcept {
  const bool itself = ::pthread_equal(thread, ::pthread_self()) != 0;
  const int lost = left_behind(thread);
  if (!exiting() || (lost < 0 && !itself)) return;
  call_stack stack;
  walk(stack);
  emit({.kind = event_kind::join,
        .a = thread,
        .b = itself,
        .thread = current_thread(),
        .other = itself ? current_thread() : lost,
        .stack = stack.frames,
        .stack_count = stack.count});
}

}  // namespace
}  // namespace curfew::check

using namespace curfew::check;

extern "C" {

CURFEW_EXPORTED int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*routine)(void*),
                                   void* argument) noexcept {
  begin_early();
  if (record == nullptr) return real_pthread_create(handle, attributes, routine, argument);
  return start_thread(handle, attributes, routine, argument);
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

CURFEW_EXPORTED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return must_ask(condition) ? wait_shortly(mutex) : next_cond_wait.get()(condition, mutex);
}

CURFEW_EXPORTED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  if (!must_ask(condition)) return next_cond_timedwait.get()(condition, mutex, until);
  // Which clock it is, the condition knows and does not say; the usual one.
  return has_passed(CLOCK_REALTIME, *until) ? ETIMEDOUT : wait_shortly(mutex);
}

CURFEW_EXPORTED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                           const timespec* until) {
  if (!must_ask(condition)) return next_cond_clockwait.get()(condition, mutex, clock, until);
  return has_passed(clock, *until) ? ETIMEDOUT : wait_shortly(mutex);
}

CURFEW_EXPORTED int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  if (record != nullptr) note_condition(*condition);
  return next_cond_destroy.get()(condition);
}

CURFEW_EXPORTED int sem_wait(sem_t* semaphore) {
  return must_ask(semaphore) ? ask_semaphore(semaphore, 0, nullptr) : next_sem_wait.get()(semaphore);
}

CURFEW_EXPORTED int sem_timedwait(sem_t* semaphore, const timespec* until) {
  if (must_ask(semaphore)) return ask_semaphore(semaphore, CLOCK_REALTIME, until);
  return next_sem_timedwait.get()(semaphore, until);
}

CURFEW_EXPORTED int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
  if (must_ask(semaphore)) return ask_semaphore(semaphore, clock, until);
  return next_sem_clockwait.get()(semaphore, clock, until);
}

CURFEW_EXPORTED int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  if (!must_ask(lock)) return next_rdlock.get()(lock);
  int error = 0;
  while ((error = ::pthread_rwlock_tryrdlock(lock)) == EBUSY) pause_shortly();
  return error;
}

CURFEW_EXPORTED int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  if (!must_ask(lock)) return next_wrlock.get()(lock);
  int error = 0;
  while ((error = ::pthread_rwlock_trywrlock(lock)) == EBUSY) pause_shortly();
  return error;
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
CURFEW_EXPORTED [[noreturn]] void _ZSt9terminatev() noexcept {
  if (record != nullptr && exiting()) {
    call_stack stack;
    walk(stack);
    const bool exits = is_exiting_thread();
    emit({.kind = event_kind::terminate,
          .a = exits ? 0U : 1U,
          .thread = current_thread(),
          .other = exits ? joinable_in_destruction() : -1,
          .stack = stack.frames,
          .stack_count = stack.count});
  }
  if (auto* const next = next_terminate.get()) next();
  __builtin_trap();
}

}  // extern "C"
