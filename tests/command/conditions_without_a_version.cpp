// SPDX-License-Identifier: Apache-2.0
// A library that names the functions for condition variables and timers without a version has them as it has plain.
//! under: run
//! out: met
#include <cstdio>

extern "C" int meet();
extern "C" int set_a_timer();

int main() {
  for (int i = 0; i < 100; ++i)
    if (const int error = meet()) return error;
  if (set_a_timer() == 0) std::puts("met");
}
