// SPDX-License-Identifier: Apache-2.0
// Children of fork that say how they ended.
#pragma once

#include "storm.hpp"

#include <sys/wait.h>

namespace storm {

/// Waits for a child, 3 s and no longer, and marks as a fault all but `expected`.
inline void wait_for_child(pid_t child, int expected) {
  int how = 0;
  for (int ms = 0; ::waitpid(child, &how, WNOHANG) == 0; ++ms) {
    if (ms >= 3000) {
      mark("fault hung a child of fork hung");
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
      return;
    }
    ::usleep(ms < 5 ? 200 : 1000);
  }
  if (WIFSIGNALED(how))
    mark("fault crashed a child of fork died by signal %d", WTERMSIG(how));
  else if (WEXITSTATUS(how) != expected)
    mark("fault wrong-status a child of fork ended with status %d", WEXITSTATUS(how));
}

/// Forks; the child calls `body`, which does not return, and must end with `storm::status` and all its destructors.
template <class Body>
void check_child(Body body) {
  pid_t child;
  {
    // What a program has to do that forks while other threads use its locks and its streams.
    const std::lock_guard hold(mutex);
    std::fflush(stdout);
    child = ::fork();
  }
  if (child == 0) {
    ::alarm(30);
    body();
  }
  if (child > 0) {
    wait_for_child(child, status);
    mark("ended %d", static_cast<int>(child));
  }
}

}  // namespace storm
