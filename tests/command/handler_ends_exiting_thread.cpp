// SPDX-License-Identifier: Apache-2.0
// A detached thread calls exit, and two exit handlers end that thread by pthread_exit. main is frozen by then, so the
// exit goes on in the thread's end each time, with its status.
//! under: run
//! status: 5
//! out: handler 3 ends its thread
//! out: handler 2 ends its thread
//! out: handler 1
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

int main() {
  std::atexit([] { std::puts("handler 1"); });
  std::atexit([] {
    std::puts("handler 2 ends its thread");
    ::pthread_exit(nullptr);
  });
  std::atexit([] {
    std::puts("handler 3 ends its thread");
    ::pthread_exit(nullptr);
  });
  std::thread([] { std::exit(5); }).detach();
  std::this_thread::sleep_for(std::chrono::hours(1));
}
