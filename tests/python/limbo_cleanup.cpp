// SPDX-License-Identifier: Apache-2.0
// ThreadTests.test_limbo_cleanup of CPython's test_threading.py: pthread_create fails, and nothing is left behind.
//! args: {case}
//! case: ThreadTests.test_limbo_cleanup
//! out: resource_unavailable_try_again
//! out: 1 thread
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <python/rows.hpp>

#include <cerrno>

#include <pthread.h>

extern "C" int pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept { return EAGAIN; }

ROW(ThreadTests, test_limbo_cleanup) {
  const auto before = curfew::counts();
  std::puts(curfew_test::error_of([] { curfew::thread t({.name = "limbo"}, [] {}); }));
  CHECK(!curfew::find("limbo").has_value());
  CHECK(curfew::counts().started == before.started);
  CHECK(curfew::enumerate().size() == 1);
  std::printf("%zu thread\n", curfew::active_count());
  return 0;
}
