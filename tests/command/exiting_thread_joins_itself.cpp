// SPDX-License-Identifier: Apache-2.0
// exit on a thread of a pool whose destructor joins it: plain, std::system_error in a destructor, and the end.
//! under: run
//! status: 7
//! out: joined
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

struct pool {
  std::thread thread;
  ~pool() {
    if (!thread.joinable()) return;
    thread.join();
    std::puts("joined");
  }
};
static pool workers;
static std::atomic<bool> made{false};

int main() {
  workers.thread = std::thread([] {
    while (!made.load()) std::this_thread::yield();
    std::exit(7);
  });
  made.store(true);
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}
