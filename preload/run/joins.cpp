// SPDX-License-Identifier: Apache-2.0
// Joins that would never come back during the exit, or in a forked child at any time, succeed at once: of a thread that
// did not come along into the child, of one that has called exit as the second, and, by the thread that runs the exit,
// of itself. What is joined there is what runs no more.
#include "exit/foreign.hpp"
#include "lock_tracking/next.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>
#include <threads.h>
#include <time.h>

namespace {

using curfew::detail::is_past_joining;
using curfew::detail::next_function;

constinit next_function<int(pthread_t, void**)> next_pthread_join("pthread_join");
constinit next_function<int(pthread_t, void**)> next_pthread_tryjoin_np("pthread_tryjoin_np");
constinit next_function<int(pthread_t, void**, const timespec*)> next_pthread_timedjoin_np("pthread_timedjoin_np");
constinit next_function<int(pthread_t, void**, clockid_t, const timespec*)> next_pthread_clockjoin_np(
    "pthread_clockjoin_np");
constinit next_function<int(thrd_t, int*)> next_thrd_join("thrd_join");

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() {
  next_pthread_join.get();
  next_pthread_tryjoin_np.get();
  next_pthread_timedjoin_np.get();
  next_pthread_clockjoin_np.get();
  next_thrd_join.get();
}

template <class Result>
bool joins_nobody(pthread_t thread, Result* result) noexcept {
  const bool itself = curfew::exit_phase() == curfew::phase::frozen && ::pthread_equal(thread, ::pthread_self());
  if (!itself && !is_past_joining(thread)) return false;
  if (result != nullptr) *result = Result{};
  return true;
}

}  // namespace

extern "C" {

CURFEW_TRACKED int pthread_join(pthread_t thread, void** result) {
  return joins_nobody(thread, result) ? 0 : next_pthread_join.get()(thread, result);
}

CURFEW_TRACKED int pthread_tryjoin_np(pthread_t thread, void** result) noexcept {
  return joins_nobody(thread, result) ? 0 : next_pthread_tryjoin_np.get()(thread, result);
}

CURFEW_TRACKED int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* until) {
  return joins_nobody(thread, result) ? 0 : next_pthread_timedjoin_np.get()(thread, result, until);
}

CURFEW_TRACKED int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
  return joins_nobody(thread, result) ? 0 : next_pthread_clockjoin_np.get()(thread, result, clock, until);
}

CURFEW_TRACKED int thrd_join(thrd_t thread, int* result) {
  return joins_nobody(thread, result) ? 0 : next_thrd_join.get()(thread, result);
}

}  // extern "C"
