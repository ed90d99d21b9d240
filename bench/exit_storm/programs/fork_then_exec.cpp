// SPDX-License-Identifier: Apache-2.0
// Children of fork that become another program, from main and from a daemon.
#include "storm.hpp"

#include "child.hpp"

static void run_true() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/bin/true", "true", static_cast<char*>(nullptr));
    ::_exit(1);
  }
  storm::wait_for_child(child, 0);
}

int main() {
  storm::daemons(1, run_true);
  storm::daemons(1, [] { std::string word(100, 'w'); });
  run_true();
  return storm::end();
}
