// SPDX-License-Identifier: Apache-2.0
// Without curfew: a program with threads forks, and the child starts a thread. qemu-user 7.2 ends the child with an
// assertion of its own.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

int main() {
  std::thread other([] { ::usleep(300000); });
  const pid_t child = ::fork();
  if (child == 0) {
    std::thread([] {}).join();
    ::_exit(5);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  other.join();
  const bool right = WIFEXITED(status) && WEXITSTATUS(status) == 5;
  std::puts(right ? "the child has ended by itself" : "the child was ended");
  return right ? 0 : 1;
}
