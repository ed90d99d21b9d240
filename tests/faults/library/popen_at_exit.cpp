// SPDX-License-Identifier: Apache-2.0
// Daemons run commands all the time when main ends: popen and system block all signals now and then, and sleep with
// them blocked. Right: the end waits for a better moment, and destroys the statics: OK is printed.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <cstdlib>

int main() {
  for (int i = 0; i < 2; ++i)
    curfew::thread({.daemon = true}, [] {
      for (;;) {
        if (FILE* const pipe = popen("exec sleep 0.01", "r")) pclose(pipe);
        if (std::system("exec true") == -1) _exit(97);
        tick();
      }
    });
  usleep(20000 + getpid() * 7919 % 20000);
}
