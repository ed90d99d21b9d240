// SPDX-License-Identifier: Apache-2.0
// A plugin of a C program whose constructor starts a thread that deletes, and joins it: the loader's lock is held
// meanwhile, so nothing that the thread calls may need it. Right under check: as plain.
#include <thread>

static int made = 0;

__attribute__((constructor)) static void begin() {
  std::thread([] {
    int* volatile number = new int(1);
    made += *number;
    delete number;
  }).join();
}

extern "C" void go() { ++made; }
