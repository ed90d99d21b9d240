// SPDX-License-Identifier: Apache-2.0
// Daemons that wait in sigwait() for a signal of their own.
#include "storm.hpp"

#include <signal.h>

int main() {
  storm::daemons(2, [] {
    sigset_t mine;
    ::sigemptyset(&mine);
    ::sigaddset(&mine, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &mine, nullptr);
    int which;
    ::sigwait(&mine, &which);
  });
  return storm::end();
}
