// SPDX-License-Identifier: Apache-2.0
//! error concurrent-exit
//! status 3
//! prints "closed"
//! says "the main thread returned from main while thread #1"
// main returns while another thread is in exit, and in a slow destructor.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

struct database {
  ~database() {
    ::usleep(100000);
    std::puts("closed");
  }
};
static database only;

int main() {
  std::thread([] { std::exit(3); }).detach();
  ::usleep(50000);
}
