// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked
// A forked child runs a destructor that joins a thread it does not have.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

struct worker {
  std::atomic<bool> stop{false};
  std::thread thread{[this] {
    while (!stop) ::usleep(1000);
  }};
  ~worker() {
    stop = true;
    thread.join();
  }
};
static worker only;

int main() {
  const pid_t child = ::fork();
  if (child == 0) std::exit(0);
  ::waitpid(child, nullptr, 0);
}
