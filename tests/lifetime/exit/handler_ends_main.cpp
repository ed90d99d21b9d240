// SPDX-License-Identifier: Apache-2.0
// Two exit handlers end their thread, main's, by pthread_exit: each time the destructors of the thread's keys run, then
// the exit goes on with the next handler, and the status stays. A handler cannot be cancelled.
//! status: 4
//! out: handler 4 goes on
//! out: handler 3 ends its thread
//! out: key's destructor
//! out: handler 2 ends its thread
//! out: handler 1
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <pthread.h>

#include <cstdlib>

static curfew_test::speaking last("static destroyed");

int main() {
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  pthread_key_t key{};
  CHECK(::pthread_key_create(&key, [](void*) { std::puts("key's destructor"); }) == 0);
  CHECK(::pthread_setspecific(key, &last) == 0);
  std::atexit([] { std::puts("handler 1"); });
  std::atexit([] {
    std::puts("handler 2 ends its thread");
    ::pthread_exit(nullptr);
  });
  std::atexit([] {
    std::puts("handler 3 ends its thread");
    ::pthread_exit(nullptr);
  });
  std::atexit([] {
    ::pthread_cancel(::pthread_self());
    ::pthread_testcancel();
    std::puts("handler 4 goes on");
  });
  return 4;
}
