// SPDX-License-Identifier: Apache-2.0
// A thousand lives of a host with threads, hooks, a pool, timers and a request. Nothing grows with them: between life
// 200 and life 1000 threads stay as many, and mappings and memory in use grow by less than they would if each life left
// something behind.
//! seconds: 0..120
//! out: 1000 lives
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>
#include <curfew/registry.hpp>
#include <curfew/restart.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <dirent.h>
#include <malloc.h>

#include <fstream>
#include <string>

static curfew_test::speaking last("static destroyed");

static long entries_of(const char* folder) {
  long count = 0;
  DIR* const open = ::opendir(folder);
  while (open != nullptr && ::readdir(open) != nullptr) ++count;
  ::closedir(open);
  return count;
}

static long lines_of(const char* file) {
  long count = 0;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) ++count;
  return count;
}

struct usage {
  long threads = entries_of("/proc/self/task");
  long descriptors = entries_of("/proc/self/fd");
  long mappings = lines_of("/proc/self/maps");
  long heap = static_cast<long>(::mallinfo2().uordblks);
};

static void live() {
  static curfew::thread_pool pool({.workers = 2});
  std::atomic<int> hooks{0}, done{0};
  curfew::before_wait("before", [&] { ++hooks; });
  curfew::after_wait("after", [&] { ++hooks; });
  curfew::thread regular({.name = "worker"}, [&] { ++done; });
  curfew::thread daemon({.name = "daemon", .daemon = true, .grace = curfew_test::patient(std::chrono::seconds(10))},
                        [](const std::stop_token& stop) {
                          curfew::event never;
                          (void)never.wait(stop);
                        });
  curfew::timer timer(std::chrono::milliseconds(0), [&] { ++done; });
  pool.post(curfew::at_exit::finish, [&] { ++done; });
  curfew::request_exit();
  (void)curfew::wait_for_exit();
  const auto report = curfew::finish();
  CHECK(hooks == 2 && done == 3 && report.frozen.empty());
  curfew::restart();
}

int main() {
  constexpr int warm = 200, lives = 1000;
  usage before;
  for (int life = 1; life <= lives; ++life) {
    live();
    if (life == warm) before = usage();
  }
  const usage after;
  // The arenas and caches of stacks of the C library come and go; what each life leaves behind is there 800 times.
  constexpr long slack = (lives - warm) / 10;
  CHECK(after.threads <= before.threads + 4);
  CHECK(after.descriptors <= before.descriptors + 4);
  CHECK(after.mappings <= before.mappings + slack);
  if (!curfew_test::address_sanitizer && !curfew_test::thread_sanitizer) CHECK(after.heap <= before.heap + 16000);
  std::printf("%d lives\n", lives);
}
