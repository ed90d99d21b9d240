// SPDX-License-Identifier: Apache-2.0
// main leaves with pthread_exit: the program goes on as long as it has regular threads; then daemons are frozen and the
// statics destroyed, and the status is 0.
//! case: a regular thread and daemons
//! args: regular
//! out: main leaves
//! out: regular ended
//! out: static destroyed
//! case: daemons only
//! args: daemons
//! out: main leaves
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

#include <pthread.h>

static curfew_test::speaking last("static destroyed");

int main(int, char** argv) {
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  curfew::thread other({.daemon = true}, [] {
    for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  if (std::strcmp(argv[1], "regular") == 0) {
    curfew::thread([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      std::puts("regular ended");
    }).detach();
  }
  std::puts("main leaves");
  pthread_exit(nullptr);
}
