// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked
// exit is called in the handler of a signal that has interrupted the allocator: it must not hang here, too.
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int main() {
  std::thread([] {
    for (;;) ::pause();
  }).detach();
  ::signal(SIGVTALRM, [](int) { std::exit(3); });
  const itimerval soon{{0, 0}, {0, 30000}};
  ::setitimer(ITIMER_VIRTUAL, &soon, nullptr);
  for (;;)
    for (unsigned size = 5000; size < 900000; size += 5000) {
      void* const blocks[2] = {std::malloc(size), std::malloc(size / 2)};
      std::free(blocks[0]);
      std::free(blocks[1]);
    }
}
