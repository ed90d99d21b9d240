// SPDX-License-Identifier: Apache-2.0
// boost::thread and interruption: a stop request ends the wait with `false` instead of an exception.
//! case: before
//! args: before
//! out: worker: interrupted
//! case: after
//! args: after
//! out: worker: asked to stop
#include <curfew/thread.hpp>

#include <boost/chrono.hpp>
#include <boost/thread.hpp>

#include <chrono>
#include <cstdio>
#include <string_view>

namespace before {
static void work() {
  try {
    for (;;) boost::this_thread::sleep_for(boost::chrono::hours(1));
  } catch (const boost::thread_interrupted&) {
    std::puts("worker: interrupted");
  }
}

static int run() {
  boost::thread worker(work);
  worker.interrupt();
  worker.join();
  return 0;
}
}  // namespace before

namespace after {
static void work(std::stop_token) {
  while (curfew::this_thread::sleep_for(std::chrono::hours(1))) {
  }
  std::puts("worker: asked to stop");
}

static int run() {
  curfew::thread worker(work);  // not needed at the end of main: the exit asks and waits by itself
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
