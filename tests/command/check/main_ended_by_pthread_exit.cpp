// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction values
//! threads detached main
// main has left by pthread_exit when another thread calls exit: names and places are known all the same, and main runs
// no more.
#include <pthread.h>

#include <chrono>
#include <cstdlib>
#include <thread>
#include <vector>

static std::vector<int> values(10);

int main() {
  std::thread([] {
    for (;;) {
      ++values[1];
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }).detach();
  std::thread([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::exit(0);
  }).detach();
  pthread_exit(nullptr);
}
