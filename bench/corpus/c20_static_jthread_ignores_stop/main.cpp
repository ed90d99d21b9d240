// SPDX-License-Identifier: Apache-2.0
// static std::jthread whose body never looks at the stop token => ~jthread joins for ever.
#include <unistd.h>
#include <thread>
static std::jthread t;
int main() {
  t = std::jthread([] {
    for (;;) pause();
  });
  usleep(5000);
  return 0;
}
