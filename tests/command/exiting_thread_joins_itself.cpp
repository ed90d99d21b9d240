// SPDX-License-Identifier: Apache-2.0
// exit on a thread of a pool whose destructor joins it: plain, std::system_error in a destructor, and the end.
//! under: run
//! status: 7
//! out: joined
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

int main() {
  workers.thread = std::thread([] { std::exit(7); });
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}
