// SPDX-License-Identifier: Apache-2.0
//! not output-lost
//! where exit_keeps_its_lock error exit-blocked
//! where exit_keeps_its_lock says "the process would be left behind"
// As child_hangs_in_its_exit, but nobody waits for the child: it is there when the program is gone. It ends by the
// return of its only thread.
#include <unistd.h>

#include <atomic>
#include <thread>

static std::atomic<bool> in_exit{false}, forked{false};

static void fork_then() {
  while (!in_exit) ::usleep(1000);
  const pid_t child = ::fork();
  if (child == 0) {
    ::usleep(100000);
    return;
  }
  forked = true;
}

struct waits {
  ~waits() {
    in_exit = true;
    while (!forked) ::usleep(1000);
  }
};
static waits it;

int main() { std::thread(fork_then).detach(); }
