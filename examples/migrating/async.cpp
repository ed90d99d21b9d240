// SPDX-License-Identifier: Apache-2.0
// std::async whose future is dropped: the temporary's destructor waits, so the call is not asynchronous at all.
//! case: before
//! args: before
//! out: log: written
//! out: main: goes on
//! case: after
//! args: after
//! out: main: goes on
//! out: log: written
//! out: sum: 42
#include <curfew/pool.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <future>
#include <string_view>
#include <thread>

namespace before {
static void write_log() {
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::puts("log: written");
}

static int run() {
  (void)std::async(std::launch::async, write_log);  // the future's destructor waits here
  std::puts("main: goes on");
  return 0;
}
}  // namespace before

namespace after {
static curfew::event may_write;
static curfew::event written;

static void write_log() {
  may_write.wait();
  std::puts("log: written");
  written.set();
}

static int run() {
  curfew::thread({.name = "log"}, write_log);  // goes on by itself; the end of the program waits for it
  std::puts("main: goes on");
  may_write.set();
  written.wait();

  curfew::thread_pool pool({.name = "sums"});
  curfew::future<int> sum = pool.submit([](int a, int b) { return a + b; }, 20, 22);
  std::printf("sum: %d\n", sum.get());  // had it been dropped instead, its destructor would not wait
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
