// SPDX-License-Identifier: Apache-2.0
// glibc's mutex of the default kind, as std::mutex is, taken and given back in place: as the C library does it itself,
// with one call less. A program that lives on mutexes would pay several per cent for having its locks counted.
#pragma once

#include "lock_tracking/next.hpp"
#include "os/kernel_call.hpp"
#include "os/platform.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

#include <atomic>
#include <climits>

#if defined(__GLIBC__) && !CURFEW_TSAN && __has_include(<sys/single_threaded.h>)
#define CURFEW_KNOWS_DEFAULT_MUTEX 1
#include <sys/single_threaded.h>
#else
#define CURFEW_KNOWS_DEFAULT_MUTEX 0
#endif

namespace curfew::inline v1::detail {

using mutex_call = int(pthread_mutex_t*);

/// Do these leave a mutex as the functions here do, byte by byte, and one that these have had? They have
/// to be the C library's own, too: what stands between it and us, a race detector for one, is to see each lock.
bool default_mutex_is_known(mutex_call* lock, mutex_call* trylock, mutex_call* unlock) noexcept;

// The functions here are always inlined, into those of CURFEW_TRACKED.

#if CURFEW_KNOWS_DEFAULT_MUTEX

/// The kind of a mutex that these functions are for; one that none has as long as they are not known to be right.
extern constinit std::atomic<int> kind_in_place;

[[gnu::always_inline]] inline bool is_in_place(const pthread_mutex_t* mutex) noexcept {
  return __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED) == kind_in_place.load(std::memory_order_relaxed);
}

/// Returns false if somebody has it. Its owner is not noted yet.
[[gnu::always_inline]] inline bool take_in_place(pthread_mutex_t* mutex) noexcept {
  int& word = mutex->__data.__lock;
  if (__libc_single_threaded != 0) {
    if (word != 0) return false;
    word = 1;
    return true;
  }
  int nobody = 0;
  return __atomic_compare_exchange_n(&word, &nobody, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

[[gnu::always_inline]] inline void note_owner(pthread_mutex_t* mutex, int id) noexcept {
  mutex->__data.__owner = id;
  ++mutex->__data.__nusers;
}

/// Returns false if somebody waits: wake_waiter is then to follow.
[[gnu::always_inline]] inline bool give_back_in_place(pthread_mutex_t* mutex) noexcept {
  auto& fields = mutex->__data;
  fields.__owner = 0;
  --fields.__nusers;
  if (__libc_single_threaded != 0 && fields.__lock == 1) {
    fields.__lock = 0;
    return true;
  }
  return __atomic_exchange_n(&fields.__lock, 0, __ATOMIC_RELEASE) <= 1;
}

/// The memory may be another's by now, as it may be when the C library does this.
[[gnu::always_inline]] inline void wake_waiter(pthread_mutex_t* mutex) noexcept {
  os::kernel_call(SYS_futex, &mutex->__data.__lock, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

#else

[[gnu::always_inline]] inline bool is_in_place(const pthread_mutex_t*) noexcept { return false; }
[[gnu::always_inline]] inline bool take_in_place(pthread_mutex_t*) noexcept { return false; }
[[gnu::always_inline]] inline void note_owner(pthread_mutex_t*, int) noexcept {}
[[gnu::always_inline]] inline bool give_back_in_place(pthread_mutex_t*) noexcept { return true; }
[[gnu::always_inline]] inline void wake_waiter(pthread_mutex_t*) noexcept {}

#endif

/// The calling thread's, as the kernel counts; 0 before the first call of ask_own_id. glibc notes it in a mutex, and
/// whoever looks for a mutex's owner reads it there: a debugger, and curfew itself.
[[gnu::always_inline]] inline int known_own_id() noexcept { return os::deferral.id.load(std::memory_order_relaxed); }
[[gnu::always_inline]] inline int ask_own_id() noexcept {
  const auto id = static_cast<int>(os::kernel_call(SYS_gettid));
  os::deferral.id.store(id, std::memory_order_relaxed);
  return id;
}
/// In the child of a fork.
inline void forget_own_id() noexcept { os::deferral.id.store(0, std::memory_order_relaxed); }

}  // namespace curfew::inline v1::detail
