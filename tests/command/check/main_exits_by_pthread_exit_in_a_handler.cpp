// SPDX-License-Identifier: Apache-2.0
//! nothing
//! prints "main returns"
//! prints "the first handler"
//! status 0
// An exit handler calls pthread_exit: the last thread of the process is gone, and the C library begins the exit again,
// with the handlers that are left.
#include <pthread.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

int main() {
  std::thread([] {}).join();
  std::atexit([] {
    std::puts("the first handler");
    std::fflush(stdout);
  });
  std::atexit([] { pthread_exit(nullptr); });
  std::puts("main returns");
  std::fflush(stdout);
  return 3;
}
