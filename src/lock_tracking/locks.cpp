// SPDX-License-Identifier: Apache-2.0
// Locks that are counted while they are held. Counted before they are taken: a thread that waits for one of them is
// not frozen politely either, since it may hold others.
#include "lock_tracking/default_mutex.hpp"
#include "lock_tracking/next.hpp"

#include <pthread.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

namespace curfew::inline v1::detail {

void refuse_static_program() noexcept {
  if (::dlsym(RTLD_NEXT, "pthread_mutex_lock") != nullptr) return;
  constexpr std::string_view why =
      "curfew: lock tracking does not work in a program linked with -static: link curfew::core, not curfew::curfew\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, why.data(), why.size());
  ::_exit(127);
}

}  // namespace curfew::inline v1::detail

namespace {

using curfew::detail::ask_own_id;
using curfew::detail::give_back_in_place;
using curfew::detail::is_in_place;
using curfew::detail::known_own_id;
using curfew::detail::next_function;
using curfew::detail::note_owner;
using curfew::detail::take_in_place;
using curfew::detail::wake_waiter;
using curfew::detail::os::allow;
using curfew::detail::os::allow_and_ask;
using curfew::detail::os::defer;
using curfew::detail::os::freeze_if_pending;

/// A lock that was taken stays counted; EOWNERDEAD is taken too.
[[gnu::always_inline]] inline int taken(int error) noexcept {
  if (error != 0 && error != EOWNERDEAD) [[unlikely]]
    allow();
  return error;
}

[[gnu::always_inline]] inline int given_back(int error) noexcept {
  if (error == 0) [[likely]]
    allow();
  return error;
}

// noexcept: a compiler that has to see to exceptions comes back from it.
constinit next_function<int(pthread_mutex_t*) noexcept> next_pthread_mutex_lock("pthread_mutex_lock");
constinit next_function<int(pthread_mutex_t*)> next_pthread_mutex_trylock("pthread_mutex_trylock");
constinit next_function<int(pthread_mutex_t*, const timespec*)> next_pthread_mutex_timedlock("pthread_mutex_timedlock");
constinit next_function<int(pthread_mutex_t*, clockid_t, const timespec*)> next_pthread_mutex_clocklock(
    "pthread_mutex_clocklock");
constinit next_function<int(pthread_mutex_t*)> next_pthread_mutex_unlock("pthread_mutex_unlock");
constinit next_function<int(pthread_rwlock_t*)> next_pthread_rwlock_rdlock("pthread_rwlock_rdlock");
constinit next_function<int(pthread_rwlock_t*)> next_pthread_rwlock_tryrdlock("pthread_rwlock_tryrdlock");
constinit next_function<int(pthread_rwlock_t*, const timespec*)> next_pthread_rwlock_timedrdlock(
    "pthread_rwlock_timedrdlock");
constinit next_function<int(pthread_rwlock_t*, clockid_t, const timespec*)> next_pthread_rwlock_clockrdlock(
    "pthread_rwlock_clockrdlock");
constinit next_function<int(pthread_rwlock_t*)> next_pthread_rwlock_wrlock("pthread_rwlock_wrlock");
constinit next_function<int(pthread_rwlock_t*)> next_pthread_rwlock_trywrlock("pthread_rwlock_trywrlock");
constinit next_function<int(pthread_rwlock_t*, const timespec*)> next_pthread_rwlock_timedwrlock(
    "pthread_rwlock_timedwrlock");
constinit next_function<int(pthread_rwlock_t*, clockid_t, const timespec*)> next_pthread_rwlock_clockwrlock(
    "pthread_rwlock_clockwrlock");
constinit next_function<int(pthread_rwlock_t*)> next_pthread_rwlock_unlock("pthread_rwlock_unlock");
constinit next_function<int(pthread_spinlock_t*)> next_pthread_spin_lock("pthread_spin_lock");
constinit next_function<int(pthread_spinlock_t*)> next_pthread_spin_trylock("pthread_spin_trylock");
constinit next_function<int(pthread_spinlock_t*)> next_pthread_spin_unlock("pthread_spin_unlock");
constinit next_function<int(mtx_t*)> next_mtx_lock("mtx_lock");
constinit next_function<int(mtx_t*)> next_mtx_trylock("mtx_trylock");
constinit next_function<int(mtx_t*, const timespec*)> next_mtx_timedlock("mtx_timedlock");
constinit next_function<int(mtx_t*)> next_mtx_unlock("mtx_unlock");
constinit next_function<void(FILE*)> next_flockfile("flockfile");
constinit next_function<void(FILE*)> next_funlockfile("funlockfile");
constinit next_function<int(FILE*)> next_ftrylockfile("ftrylockfile");

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() {
  next_pthread_mutex_lock.get();
  next_pthread_mutex_trylock.get();
  next_pthread_mutex_timedlock.get();
  next_pthread_mutex_clocklock.get();
  next_pthread_mutex_unlock.get();
  next_pthread_rwlock_rdlock.get();
  next_pthread_rwlock_tryrdlock.get();
  next_pthread_rwlock_timedrdlock.get();
  next_pthread_rwlock_clockrdlock.get();
  next_pthread_rwlock_wrlock.get();
  next_pthread_rwlock_trywrlock.get();
  next_pthread_rwlock_timedwrlock.get();
  next_pthread_rwlock_clockwrlock.get();
  next_pthread_rwlock_unlock.get();
  next_pthread_spin_lock.get();
  next_pthread_spin_trylock.get();
  next_pthread_spin_unlock.get();
  next_mtx_lock.get();
  next_mtx_trylock.get();
  next_mtx_timedlock.get();
  next_mtx_unlock.get();
  next_flockfile.get();
  next_funlockfile.get();
  next_ftrylockfile.get();
  curfew::detail::default_mutex_is_known(next_pthread_mutex_lock.get(), next_pthread_mutex_trylock.get(),
                                         next_pthread_mutex_unlock.get());
  ::pthread_atfork(nullptr, nullptr, [] { curfew::detail::forget_own_id(); });
}

// Apart, and called last, so that the usual way needs no stack of its own. In the section of CURFEW_TRACKED, and not
// visible.
#define CURFEW_UNUSUAL [[gnu::noinline, gnu::section("curfew_locks")]]

CURFEW_UNUSUAL int lock_any(pthread_mutex_t* mutex) noexcept { return taken(next_pthread_mutex_lock.get()(mutex)); }
CURFEW_UNUSUAL int trylock_any(pthread_mutex_t* mutex) noexcept {
  return taken(next_pthread_mutex_trylock.get()(mutex));
}
CURFEW_UNUSUAL int unlock_any(pthread_mutex_t* mutex) noexcept {
  return given_back(next_pthread_mutex_unlock.get()(mutex));
}

CURFEW_UNUSUAL int note_owner_first(pthread_mutex_t* mutex) noexcept {
  note_owner(mutex, ask_own_id());
  return 0;
}

/// A mutex that has just been taken.
[[gnu::always_inline]] inline int note_owner_of(pthread_mutex_t* mutex) noexcept {
  const int id = known_own_id();
  if (id == 0) [[unlikely]]
    return note_owner_first(mutex);
  note_owner(mutex, id);
  return 0;
}

CURFEW_UNUSUAL int freeze_after_unlock() noexcept {
  freeze_if_pending();
  return 0;
}

CURFEW_UNUSUAL int wake_and_allow(pthread_mutex_t* mutex) noexcept {
  wake_waiter(mutex);
  allow();
  return 0;
}

}  // namespace

/// So that this object is linked: see threads.cpp.
extern "C" {
extern const char curfew_lock_tracking_locks;
const char curfew_lock_tracking_locks = 0;
}

extern "C" {

CURFEW_TRACKED int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  defer();
  if (!is_in_place(mutex)) [[unlikely]]
    return lock_any(mutex);
  if (take_in_place(mutex)) [[likely]]
    return note_owner_of(mutex);
  // It cannot fail, and the C library returns to the caller by itself.
  return next_pthread_mutex_lock.found()(mutex);
}

CURFEW_TRACKED int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  defer();
  if (!is_in_place(mutex)) [[unlikely]]
    return trylock_any(mutex);
  if (take_in_place(mutex)) [[likely]]
    return note_owner_of(mutex);
  return taken(EBUSY);
}

CURFEW_TRACKED int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) noexcept {
  defer();
  return taken(next_pthread_mutex_timedlock.get()(mutex, until));
}

CURFEW_TRACKED int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
  defer();
  return taken(next_pthread_mutex_clocklock.get()(mutex, clock, until));
}

CURFEW_TRACKED int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  if (!is_in_place(mutex)) [[unlikely]]
    return unlock_any(mutex);
  // The count goes behind it: a handler of the program's that interrupts the moment between them would be frozen with
  // the mutex.
  if (!give_back_in_place(mutex)) [[unlikely]]
    return wake_and_allow(mutex);
  return allow_and_ask() ? freeze_after_unlock() : 0;
}

CURFEW_TRACKED int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  defer();
  return taken(next_pthread_rwlock_rdlock.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  defer();
  return taken(next_pthread_rwlock_tryrdlock.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* until) noexcept {
  defer();
  return taken(next_pthread_rwlock_timedrdlock.get()(lock, until));
}

CURFEW_TRACKED int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) noexcept {
  defer();
  return taken(next_pthread_rwlock_clockrdlock.get()(lock, clock, until));
}

CURFEW_TRACKED int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  defer();
  return taken(next_pthread_rwlock_wrlock.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  defer();
  return taken(next_pthread_rwlock_trywrlock.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* until) noexcept {
  defer();
  return taken(next_pthread_rwlock_timedwrlock.get()(lock, until));
}

CURFEW_TRACKED int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) noexcept {
  defer();
  return taken(next_pthread_rwlock_clockwrlock.get()(lock, clock, until));
}

CURFEW_TRACKED int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  return given_back(next_pthread_rwlock_unlock.get()(lock));
}

CURFEW_TRACKED int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  defer();
  return taken(next_pthread_spin_lock.get()(lock));
}

CURFEW_TRACKED int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  defer();
  return taken(next_pthread_spin_trylock.get()(lock));
}

CURFEW_TRACKED int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  return given_back(next_pthread_spin_unlock.get()(lock));
}

// C11. Success is 0, and nothing else leaves the lock taken.

CURFEW_TRACKED int mtx_lock(mtx_t* mutex) {
  defer();
  return taken(next_mtx_lock.get()(mutex));
}

CURFEW_TRACKED int mtx_trylock(mtx_t* mutex) {
  defer();
  return taken(next_mtx_trylock.get()(mutex));
}

CURFEW_TRACKED int mtx_timedlock(mtx_t* mutex, const timespec* until) {
  defer();
  return taken(next_mtx_timedlock.get()(mutex, until));
}

CURFEW_TRACKED int mtx_unlock(mtx_t* mutex) { return given_back(next_mtx_unlock.get()(mutex)); }

CURFEW_TRACKED void flockfile(FILE* stream) noexcept {
  defer();
  next_flockfile.get()(stream);
}

CURFEW_TRACKED void funlockfile(FILE* stream) noexcept {
  next_funlockfile.get()(stream);
  allow();
}

CURFEW_TRACKED int ftrylockfile(FILE* stream) noexcept {
  defer();
  return taken(next_ftrylockfile.get()(stream));
}

}  // extern "C"
