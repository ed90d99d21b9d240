// SPDX-License-Identifier: Apache-2.0
//! nothing
//! prints "the work is done"
//! prints "the first handler"
//! patience 500ms
// An exit handler calls pthread_exit while another thread works: the process goes on until that one has ended.
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

int main() {
  std::atexit([] {
    std::puts("the first handler");
    std::fflush(stdout);
  });
  std::atexit([] { pthread_exit(nullptr); });
  std::thread([] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    std::puts("the work is done");
    std::fflush(stdout);
  }).detach();
}
