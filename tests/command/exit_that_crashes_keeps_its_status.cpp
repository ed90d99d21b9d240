// SPDX-License-Identifier: Apache-2.0
// An exit that crashes ends with the program's own status, and what stdio and std::cout held is written. A handler of
// the program's own for the signal stays.
//! under: run
//! status: 3
//! out: buffered
//! out: by std::cout
//! case: abort
//! args: abort
//! case: segmentation fault
//! args: fault
//! case: a joinable thread is destroyed
//! args: terminate
//! err: terminate called without an active exception
//! case: said
//! under: run --report
//! args: abort
//! err~ curfew\[\d+\]: exit: waited .*
//! err~ curfew\[\d+\]: the exit is ended here, with status 3: SIGABRT in the thread "exit_that_crash" .*
//! case: handled by the program
//! args: handled
//! status: 9
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

#include <unistd.h>

static const char* what = "";
static std::thread joinable;

struct crashing {
  ~crashing() {
    if (std::strcmp(what, "abort") == 0) std::abort();
    if (std::strcmp(what, "fault") == 0) *reinterpret_cast<volatile int*>(what - what) = 1;
    if (std::strcmp(what, "handled") == 0) {
      std::fflush(stdout);
      std::cout.flush();
      std::raise(SIGSEGV);
    }
  }
};
static crashing object;

int main(int, char** argv) {
  std::ios::sync_with_stdio(false);
  what = argv[1];
  std::thread([] {}).join();
  if (std::strcmp(what, "terminate") == 0)
    joinable = std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  if (std::strcmp(what, "handled") == 0) std::signal(SIGSEGV, [](int) { ::_exit(9); });
  std::printf("buffered\n");
  std::cout << "by std::cout\n";
  return 3;
}
