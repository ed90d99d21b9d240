// SPDX-License-Identifier: Apache-2.0
// A library of the user's that starts threads.
#include <curfew/thread.hpp>

void part();
void part() {
  curfew::thread([] {}).join();
}
