// SPDX-License-Identifier: Apache-2.0
// An exit handler ends its thread, main's, by pthread_exit. Without curfew the C library runs the other handlers, and
// the status is 0, as there is no other thread. So it is here, where a detached thread is frozen.
//! under: run
//! status: 0
//! out: handler 2 ends its thread
//! out: handler 1
//! out: static destroyed
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

struct speaking {
  ~speaking() { std::puts("static destroyed"); }
};
static speaking last;

int main() {
  std::atexit([] { std::puts("handler 1"); });
  std::atexit([] {
    std::puts("handler 2 ends its thread");
    ::pthread_exit(nullptr);
  });
  std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
  return 3;
}
