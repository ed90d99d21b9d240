// SPDX-License-Identifier: Apache-2.0
// Children of fork, waited for with a limit.
#pragma once

#include <support/wait.hpp>

#include <csignal>

#include <sys/types.h>
#include <sys/wait.h>

namespace curfew_test {

/// The child's exit status; 128 + n when signal n ended it; -1 when it had to be killed because it did not end.
inline int status_of_child(pid_t child) {
  int status = 0;
  if (eventually([&] { return ::waitpid(child, &status, WNOHANG) == child; }))
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return -1;
}

}  // namespace curfew_test
