// SPDX-License-Identifier: Apache-2.0
//! error concurrent-exit
// Two threads call exit; the first is in a slow handler when the second comes.
#include <unistd.h>

#include <cstdlib>
#include <thread>

int main() {
  std::atexit([] { ::usleep(100000); });
  std::thread first([] { std::exit(0); });
  std::thread second([] {
    ::usleep(30000);
    std::exit(0);
  });
  first.join();
  second.join();
}
