// SPDX-License-Identifier: Apache-2.0
// SIGALRM, alarm and setitimer: a timer calls an ordinary function on a thread, where nothing is forbidden.
//! case: before
//! args: before
//! out: three beats
//! case: after
//! args: after
//! out: three beats
#include <curfew/sync.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string_view>

#include <sys/time.h>
#include <unistd.h>

namespace before {
static volatile std::sig_atomic_t beats = 0;  // about all that a signal handler may touch

static int run() {
  std::signal(SIGALRM, [](int) { beats = beats + 1; });
  const itimerval every{{0, 10'000}, {0, 10'000}};
  setitimer(ITIMER_REAL, &every, nullptr);
  while (beats < 3) usleep(1000);
  setitimer(ITIMER_REAL, nullptr, nullptr);
  std::puts("three beats");
  return 0;
}
}  // namespace before

namespace after {
static int run() {
  int beats = 0;
  curfew::event third;
  curfew::timer beat({.periodic = true}, std::chrono::milliseconds(10), [&] {
    if (++beats == 3) third.set();
  });
  third.wait();
  beat.cancel();
  beat.join();  // the last call is over: `beats` and `third` may be destroyed
  std::puts("three beats");
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
