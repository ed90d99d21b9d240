// SPDX-License-Identifier: Apache-2.0
// main ends by pthread_exit, which begins the exit in the thread's own end; two exit handlers end it once more. The
// exit goes on with the next handler all the same.
//! status: 0
//! out: handler 3 ends its thread
//! out: handler 2 ends its thread
//! out: handler 1
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <pthread.h>

#include <cstdlib>

static curfew_test::speaking last("static destroyed");

int main() {
  curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
  std::atexit([] { std::puts("handler 1"); });
  std::atexit([] {
    std::puts("handler 2 ends its thread");
    ::pthread_exit(nullptr);
  });
  std::atexit([] {
    std::puts("handler 3 ends its thread");
    ::pthread_exit(nullptr);
  });
  ::pthread_exit(nullptr);
}
