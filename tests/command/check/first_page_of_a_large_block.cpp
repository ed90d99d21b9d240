// SPDX-License-Identifier: Apache-2.0
//! error freed-at-exit-used
// An exit handler frees a block that is a mapping of its own; a thread reads a number at its beginning.
#include <unistd.h>

#include <cstdlib>
#include <thread>

struct large {
  long first = 1;
  char rest[300000]{};
};
static large* volatile one;
static volatile long seen;

int main() {
  one = new large;
  std::atexit([] { delete one; });
  std::thread([] {
    for (const large* const mine = one;;) {
      seen = static_cast<const volatile large*>(mine)->first;
      ::usleep(500);
    }
  }).detach();
  ::usleep(20000);
}
