// SPDX-License-Identifier: Apache-2.0
// Daemons that block every signal: no signal can freeze them, so the end has to come without destructors.
#include "storm.hpp"

#include <signal.h>

int main() {
  storm::may_skip("a thread that blocks every signal cannot be frozen by one");
  storm::daemons(3, [] {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
    ::usleep(10);
  });
  return storm::end();
}
