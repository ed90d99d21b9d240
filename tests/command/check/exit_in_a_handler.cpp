// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked
// exit in the handler of a signal that has interrupted the allocator's user.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

static void end(int) { std::exit(0); }

int main() {
  ::signal(SIGTERM, end);
  std::thread([main = ::pthread_self()] {
    ::usleep(10000);
    ::pthread_kill(main, SIGTERM);
    ::pause();
  }).detach();
  volatile std::size_t total = 0;
  for (std::size_t i = 0;; ++i) total = total + std::string(100 + i % 300, 'x').size();
}
