// SPDX-License-Identifier: Apache-2.0
// foreign_threads::leave, the default: a static destructor can stop and join a std::thread of its own, which runs on
// while a daemon of curfew's is frozen.
//! out: main ended
//! out: the worker drained
//! out: joined
#include <curfew/thread.hpp>

#include <support/program.hpp>

struct worker {
  curfew_test::gate stop;
  std::thread thread{[this] {
    stop.wait();
    std::puts("the worker drained");
  }};
  ~worker() {
    stop.open();
    thread.join();
    std::puts("joined");
  }
};
static worker pool;

int main() {
  curfew::thread daemon({.daemon = true}, [] {
    for (;;) (void)curfew::current();
  });
  std::puts("main ended");
}
