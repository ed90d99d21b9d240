// SPDX-License-Identifier: Apache-2.0
// Daemons that run /bin/true without pause.
#include "storm.hpp"

#include <spawn.h>
#include <sys/wait.h>

int main() {
  storm::daemons(2, [] {
    char path[] = "/bin/true";
    char* arguments[] = {path, nullptr};
    char* environment[] = {nullptr};
    pid_t child;
    if (::posix_spawn(&child, path, nullptr, nullptr, arguments, environment) == 0) ::waitpid(child, nullptr, 0);
  });
  return storm::end();
}
