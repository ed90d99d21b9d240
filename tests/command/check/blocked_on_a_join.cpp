// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked only
// A destructor joins a thread that is blocked in read() and cannot see that it is to stop.
#include <unistd.h>

#include <atomic>
#include <thread>

struct reader {
  int ends[2]{};
  std::atomic<bool> stop{false};
  std::thread thread;
  reader() {
    if (::pipe(ends) != 0) ::_exit(1);
    thread = std::thread([this] {
      char c = 0;
      while (!stop && ::read(ends[0], &c, 1) >= 0) {
      }
    });
  }
  ~reader() {
    stop = true;
    thread.join();
  }
};
static reader only;

int main() { ::usleep(5000); }
