// SPDX-License-Identifier: Apache-2.0
//! nothing
// A thread forks while main, in its exit, joins it, and the child ends as a child of such a thread should: by _exit.
// The same by exec.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

static std::atomic<bool> in_exit{false};

static void fork_then() {
  while (!in_exit) ::usleep(1000);
  for (const bool other : {false, true}) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (other) ::execlp("true", "true", static_cast<char*>(nullptr));
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }
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
