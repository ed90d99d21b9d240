// SPDX-License-Identifier: Apache-2.0
// An exit handler ends its thread, main's, by a cancellation, and the next one by pthread_exit: each time the exit goes
// on with the next handler, and the status stays.
//! status: 4
//! out: handler 3 cancels its thread
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
  std::atexit([] { std::puts("handler 1"); });
  std::atexit([] {
    std::puts("handler 2 ends its thread");
    ::pthread_exit(nullptr);
  });
  std::atexit([] {
    std::puts("handler 3 cancels its thread");
    ::pthread_cancel(::pthread_self());
    ::pthread_testcancel();
    std::puts("handler 3 goes on");
  });
  return 4;
}
