// SPDX-License-Identifier: Apache-2.0
//! patience 6s
//! nothing
// A destructor sleeps, in small pieces and at length, and joins a thread that does: slow, and not blocked.
#include <unistd.h>

#include <chrono>
#include <thread>

struct slow {
  std::thread worker;
  ~slow() {
    for (int i = 0; i < 18; ++i) usleep(100000);
    std::this_thread::sleep_for(std::chrono::milliseconds(1800));
    worker.join();
  }
};
static slow only;

int main() {
  only.worker = std::thread([] { std::this_thread::sleep_for(std::chrono::milliseconds(4500)); });
}
