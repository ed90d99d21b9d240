// SPDX-License-Identifier: Apache-2.0
//! warning stdio-blocked-at-exit stdin
//! warning thread-running-at-exit
//! where exit_waits_for_every_stream error exit-blocked
// A thread waits for input that does not come, inside stdin's lock.
#include <unistd.h>

#include <cstdio>
#include <thread>

int main() {
  int ends[2];
  if (::pipe(ends) != 0 || ::dup2(ends[0], 0) < 0) return 1;
  std::thread([] {
    char line[100];
    while (std::fgets(line, sizeof line, stdin) != nullptr) {
    }
  }).detach();
  ::usleep(20000);
}
