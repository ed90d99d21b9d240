// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used
//! says "buffer"
//! not static-used-after-destruction
// A thread sleeps in read(): what comes will be written to a local variable of main.
#include <unistd.h>

#include <chrono>
#include <thread>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  char buffer[256] = {};
  std::thread([from = ends[0], to = buffer] {
    if (read(from, to, sizeof buffer) < 0) return;
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
