// SPDX-License-Identifier: Apache-2.0
// A hook ends its thread by pthread_exit, the argument says which hook. Right: that hook is over, the others run, and
// the static is destroyed: the exit goes on.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <pthread.h>

#include <string>

int main(int argc, char** argv) {
  const std::string kind = argc > 1 ? argv[1] : "";
  curfew::thread({.daemon = true}, [] {
    for (;;) tick();
  });
  curfew::after_wait("last", [] { say("last hook\n", 10); });
  if (kind == "after") curfew::after_wait("ends", [] { pthread_exit(nullptr); });
  curfew::before_wait("first", [] { say("first hook\n", 11); });
  if (kind == "before") curfew::before_wait("ends", [] { pthread_exit(nullptr); });
  if (kind == "by_exit") {
    curfew::before_wait("ends", [] { pthread_exit(nullptr); });
    curfew::thread([] { std::exit(3); }).join();
  }
}
