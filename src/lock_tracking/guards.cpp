// SPDX-License-Identifier: Apache-2.0
// Things that are made once: whoever makes one holds up everybody who wants it.
#include "lock_tracking/guard_fallback.hpp"
#include "lock_tracking/next.hpp"

#include <pthread.h>

#include <cstdint>

namespace {

using curfew::detail::guard_fallback;
using curfew::detail::next_function;
using curfew::detail::os::hold;
using curfew::detail::os::let_go;

/// Counted also when the function leaves by an exception.
class counted {
 public:
  counted() noexcept { hold(); }
  ~counted() { let_go(); }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
};

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
  static constinit next_function<int(std::int64_t*)> next("__cxa_guard_acquire");
  hold();
  auto* const runtime = next.get();
  const int to_be_made = runtime != nullptr ? runtime(guard) : guard_fallback(guard).acquire();
  if (to_be_made == 0) let_go();
  return to_be_made;
}

CURFEW_TRACKED void __cxa_guard_release(std::int64_t* guard) noexcept {
  static constinit next_function<void(std::int64_t*)> next("__cxa_guard_release");
  auto* const runtime = next.get();
  runtime != nullptr ? runtime(guard) : guard_fallback(guard).release();
  let_go();
}

CURFEW_TRACKED void __cxa_guard_abort(std::int64_t* guard) noexcept {
  static constinit next_function<void(std::int64_t*)> next("__cxa_guard_abort");
  auto* const runtime = next.get();
  runtime != nullptr ? runtime(guard) : guard_fallback(guard).abort();
  let_go();
}

CURFEW_TRACKED int pthread_once(pthread_once_t* once, void (*function)()) {
  static constinit next_function<int(pthread_once_t*, void (*)())> next("pthread_once");
  const counted inside;
  return next.get()(once, function);
}

}  // extern "C"
