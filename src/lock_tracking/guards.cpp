// SPDX-License-Identifier: Apache-2.0
// Things that are made once: whoever makes one holds up everybody who wants it.
#include "lock_tracking/guard_fallback.hpp"
#include "lock_tracking/next.hpp"

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace {

using curfew::detail::guard_fallback;
using curfew::detail::next_function;
using curfew::detail::os::allow;
using curfew::detail::os::defer;

/// Counted also when the function leaves by an exception.
class counted {
 public:
  counted() noexcept { defer(); }
  ~counted() { allow(); }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
};

constinit next_function<int(std::int64_t*)> next___cxa_guard_acquire("__cxa_guard_acquire");
constinit next_function<void(std::int64_t*)> next___cxa_guard_release("__cxa_guard_release");
constinit next_function<void(std::int64_t*)> next___cxa_guard_abort("__cxa_guard_abort");
constinit next_function<int(pthread_once_t*, void (*)())> next_pthread_once("pthread_once");

/// 0: not asked yet. Whether there is a shared C++ runtime is asked once: one that is loaded later, with a plugin, must
/// not be given guards that the fallback has begun.
constinit std::atomic<int> with_runtime{0};

template <class Function>
Function* of_runtime(next_function<Function>& next) noexcept {
  int with = with_runtime.load(std::memory_order_relaxed);
  if (with == 0) {
    with = next___cxa_guard_acquire.get() != nullptr ? 1 : 2;
    with_runtime.store(with, std::memory_order_relaxed);
  }
  return with == 1 ? next.get() : nullptr;
}

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() {
  of_runtime(next___cxa_guard_acquire);
  of_runtime(next___cxa_guard_release);
  of_runtime(next___cxa_guard_abort);
  next_pthread_once.get();
}

}  // namespace

/// So that this object is linked: see threads.cpp.
extern "C" {
extern const char curfew_lock_tracking_guards;
const char curfew_lock_tracking_guards = 0;
}

extern "C" {

/// The guard of a function-local static: 1 means that the caller is to make it, and holds the guard until it says that
/// it has, or has failed.
CURFEW_TRACKED int __cxa_guard_acquire(std::int64_t* guard) {
  defer();
  auto* const runtime = of_runtime(next___cxa_guard_acquire);
  const int to_be_made = runtime != nullptr ? runtime(guard) : guard_fallback(guard).acquire();
  if (to_be_made == 0) allow();
  return to_be_made;
}

CURFEW_TRACKED void __cxa_guard_release(std::int64_t* guard) noexcept {
  auto* const runtime = of_runtime(next___cxa_guard_release);
  runtime != nullptr ? runtime(guard) : guard_fallback(guard).release();
  allow();
}

CURFEW_TRACKED void __cxa_guard_abort(std::int64_t* guard) noexcept {
  auto* const runtime = of_runtime(next___cxa_guard_abort);
  runtime != nullptr ? runtime(guard) : guard_fallback(guard).abort();
  allow();
}

CURFEW_TRACKED int pthread_once(pthread_once_t* once, void (*function)()) {
  const counted inside;
  return next_pthread_once.get()(once, function);
}

}  // extern "C"
