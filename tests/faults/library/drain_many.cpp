// SPDX-License-Identifier: Apache-2.0
// The end waits for as many regular threads as the argument says, which end one by one while it does. Right: that takes
// as long as their ends do.
#include "guard.hpp"

#include <curfew/curfew.hpp>

static std::atomic<int> go{0}, begun{0};

int main(int argc, char** argv) {
  const int n = argc > 1 ? std::atoi(argv[1]) : 8000;
  for (int i = 0; i < n; ++i)
    curfew::thread({.stack_size = 65536}, [] {
      ++begun;
      go.wait(0);
    });
  while (begun != n) usleep(1000);
  curfew::before_wait("go", [] {
    go = 1;
    go.notify_all();
  });
}
