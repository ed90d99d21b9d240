// SPDX-License-Identifier: Apache-2.0
// Children of fork, waited for with a limit.
#pragma once

#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <chrono>
#include <csignal>
#include <thread>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Before a fork whose child makes threads: AddressSanitizer's allocator does not know fork, and a lock of it that a
/// starting thread holds at that moment is held for ever in the child. Other threads get the time to come to rest.
inline void wait_for_starting_threads() {
  if (address_sanitizer) std::this_thread::sleep_for(std::chrono::milliseconds(300));
}

}  // namespace curfew_test

namespace curfew_test {
inline const pid_t first_process = ::getpid();
inline bool no_leak_check = false;
}  // namespace curfew_test

/// LeakSanitizer's own question. In the child of a process with threads it looks for those threads and takes what they
/// left on their stacks for leaked; where no thread can be made it cannot look at all.
extern "C" [[gnu::used]] inline int __lsan_is_turned_off() {  // NOLINT(bugprone-reserved-identifier): its name
  return static_cast<int>(curfew_test::no_leak_check || ::getpid() != curfew_test::first_process);
}
