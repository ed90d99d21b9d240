// SPDX-License-Identifier: Apache-2.0
// std::exit on a foreign thread, and an exit handler that ends this thread by pthread_exit: main is frozen and cannot
// go on with the exit, so this thread does, at its very end.
//! status: 5
//! out: handler 2 ends its thread
//! out: handler 1
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <pthread.h>

#include <cstdlib>

static curfew_test::speaking last("static destroyed");

int main() {
  std::atexit([] { std::puts("handler 1"); });
  std::atexit([] {
    std::puts("handler 2 ends its thread");
    ::pthread_exit(nullptr);
  });
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::thread([] { std::exit(5); }).detach();
  std::this_thread::sleep_for(std::chrono::hours(1));
}
