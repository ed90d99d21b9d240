// SPDX-License-Identifier: Apache-2.0
// An exit handler waits for a detached thread, which crashes instead of answering: a fault of the program's. Right:
// what was printed is written, and the status is the program's own, 7.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <unistd.h>

static volatile bool stop = false, done = false;
static bool by_abort = false;

static void finish() {
  stop = true;
  while (!done) usleep(1000);
}

int main(int count, char**) {
  by_abort = count > 1;
  std::printf("buffered\n");
  std::atexit(finish);
  std::thread([] {
    while (!stop) usleep(1000);
    if (by_abort) std::abort();
    *static_cast<volatile int*>(nullptr) = 1;
  }).detach();
  usleep(20000);
  return 7;
}
