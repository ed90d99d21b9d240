// SPDX-License-Identifier: Apache-2.0
// A detached std::thread calls finish() while main goes on, and main returns. Right: the statics are not destroyed
// beside the running thread, and the program ends with 0 after all of them.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <thread>

int main() {
  std::thread([] {
    curfew::finish();
    for (;;) tick();
  }).detach();
  usleep(20000);
}
