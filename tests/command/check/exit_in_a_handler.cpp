// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked
// exit in the handler of a signal that has interrupted the allocator's user.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>

static std::atomic<bool> allocates{false};

static void end(int) { std::exit(0); }

int main() {
  ::signal(SIGTERM, end);
  std::thread([main = ::pthread_self()] {
    do ::usleep(10000);
    while (!allocates);  // and not in the call that makes this thread
    ::pthread_kill(main, SIGTERM);
    ::pause();
  }).detach();
  volatile std::size_t total = 0;
  for (std::size_t i = 0;; ++i) {
    total = total + std::string(100 + i % 300, 'x').size();
    allocates = true;
  }
}
