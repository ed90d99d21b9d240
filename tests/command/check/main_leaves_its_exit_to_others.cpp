// SPDX-License-Identifier: Apache-2.0
//! prints "the work is done"
//! where exit_gives_its_lock_back nothing
//! where exit_gives_its_lock_back prints "the first handler"
//! where exit_keeps_its_lock error exit-blocked
//! patience 500ms
// An exit handler calls pthread_exit while another thread works: the process goes on until that one has ended. Then
// that one exits, if the lock of the C library's exit has not died with main.
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
