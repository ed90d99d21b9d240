// SPDX-License-Identifier: Apache-2.0
// A static destructor calls seteuid, for which the C library reaches every thread by a signal and waits until each has
// made the system call. Frozen threads make it, and need not be thawed for it.
//! under: run --report
//! status: 3
//! out: destructor: 0
//! err~ curfew\[\d+\]: frozen: .*
//! err~ curfew\[\d+\]: exit: waited .*
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

struct changes_user {
  ~changes_user() { std::printf("destructor: %d\n", ::seteuid(::geteuid())); }
};
static changes_user last;

int main() {
  std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
  return 3;
}
