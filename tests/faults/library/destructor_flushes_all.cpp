// SPDX-License-Identifier: Apache-2.0
// A daemon sleeps in a read and keeps that stream for good. Destructors flush all streams, and close the one that is
// read. Right: both come back, since a frozen thread holds nothing of a stream for input; all destructors run.
#include "guard.hpp"

#include <curfew/thread.hpp>

#include <thread>

static std::FILE* in;

struct flushes {
  ~flushes() {
    std::fflush(nullptr);
    say("flushed\n", 8);
    std::fclose(in);
    say("closed\n", 7);
  }
};
static flushes all;

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 2;
  in = fdopen(ends[0], "r");
  curfew::thread({.name = "reader", .daemon = true}, [] { (void)std::getc(in); });
  std::this_thread::sleep_for(30ms);
  std::puts("main ends");
  return 7;
}
