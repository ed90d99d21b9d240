// SPDX-License-Identifier: Apache-2.0
//! not output-lost
//! prints "the child's line"
//! prints "the child ended: 3"
//! where exit_keeps_its_lock error exit-blocked
//! where exit_keeps_its_lock says "that the main thread held, inside its own exit, when this process was forked"
// A thread forks while main, in its exit, joins it: where exit keeps a lock, the child's own exit waits for it for
// ever.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

static std::atomic<bool> in_exit{false};

static void fork_then() {
  while (!in_exit) ::usleep(1000);
  const pid_t child = ::fork();
  if (child == 0) {
    std::puts("the child's line");
    std::exit(3);
  }
  int status = -1;
  for (int i = 0; i < 800 && ::waitpid(child, &status, WNOHANG) != child; ++i) ::usleep(5000);
  if (status == -1) ::kill(child, SIGKILL);
  std::printf("the child ended: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

struct joins {
  std::thread thread{fork_then};
  ~joins() {
    in_exit = true;
    thread.join();
  }
};
static joins it;

int main() {}
