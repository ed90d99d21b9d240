// SPDX-License-Identifier: Apache-2.0
// A daemon blocks for ever while holding a mutex that a static destructor locks => exit hangs.
#include <unistd.h>
#include <cstdio>
#include <mutex>
#include <thread>
static std::mutex mu;
struct Stats {
  ~Stats() {
    std::lock_guard l(mu);
    puts("stats saved");
  }
};
static Stats st;
int main() {
  std::thread([] {
    std::lock_guard l(mu);
    for (;;) pause();
  }).detach();
  usleep(10000);
  return 0;
}
