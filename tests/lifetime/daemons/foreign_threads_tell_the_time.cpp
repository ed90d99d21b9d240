// SPDX-License-Identifier: Apache-2.0
// Threads that nobody freezes are in the C library's functions for time zones without a pause. The exit asks for the
// lock there as they do, and reads nothing that it guards.
//! seconds: 0..20
//! out: main is over
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

int main() {
  ::setenv("TZ", "Europe/Berlin", 1);
  const std::time_t now = std::time(nullptr);
  for (int i = 0; i < 2; ++i)
    std::thread([now] {
      std::tm broken_down;
      for (;;) ::localtime_r(&now, &broken_down);
    }).detach();
  curfew::thread({.daemon = true}, [] {
    for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::puts("main is over");
}
