// SPDX-License-Identifier: Apache-2.0
// Without curfew: a program aborts without a word. qemu-user writes a line of its own to standard error.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

int main() {
  int ends[2];
  if (::pipe(ends) != 0) return 2;
  if (::fork() == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    std::abort();
  }
  ::close(ends[1]);
  char text;
  const bool was_quiet = ::read(ends[0], &text, 1) == 0;
  ::wait(nullptr);
  return was_quiet ? 0 : 1;
}
