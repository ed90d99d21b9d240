// SPDX-License-Identifier: Apache-2.0
// A destructor that joins a thread that will not end: the deadline ends the process, with its own status, with what it
// had written, and --report says why.
//! case: silent
//! under: run --deadline 300ms
//! status: 3
//! out: buffered
//! case: said
//! under: run --deadline 300ms --report
//! status: 3
//! out: buffered
//! err~ curfew\[\d+\]: exit: waited .*
//! err~ curfew\[\d+\]: the exit is ended here, with status 3: .*pool.* is not done after 0.3 s; what stdio held .*
#include <cstdio>
#include <thread>

#include <unistd.h>

struct pool {
  int pipe[2] = {};
  std::thread thread;
  pool() {
    if (::pipe(pipe) != 0) return;
    thread = std::thread([this] {
      char byte;
      while (::read(pipe[0], &byte, 1) > 0) {
      }
    });
  }
  ~pool() { thread.join(); }
};
static pool workers;

int main() {
  std::printf("buffered\n");  // not written out yet: standard output is a pipe
  return 3;
}
