// SPDX-License-Identifier: Apache-2.0
// std::thread::detach: the work of a detached thread is lost when main returns, or it runs into destroyed statics.
//! case: before
//! args: before
//! out: main: returns
//! case: after
//! args: after
//! out: main: returns
//! out: saver: saved
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

static void save(std::chrono::milliseconds time_for_it) {
  std::this_thread::sleep_for(time_for_it);
  std::puts("saver: saved");
}

static void poll() {
  for (;;) std::this_thread::sleep_for(10ms);
}

namespace before {
static int run() {
  std::thread(save, 10min).detach();  // lost, and nobody says so
  std::thread(poll).detach();         // runs on while statics are destroyed
  std::puts("main: returns");
  return 0;
}
}  // namespace before

namespace after {
static int run() {
  curfew::thread({.name = "saver"}, save, 200ms);            // waited for
  curfew::thread({.name = "poller", .daemon = true}, poll);  // frozen before the first static is destroyed
  std::puts("main: returns");
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
