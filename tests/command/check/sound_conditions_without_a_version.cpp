// SPDX-License-Identifier: Apache-2.0
//! status 0
//! nothing
// A library that names the functions for condition variables and timers without a version has them as it has plain.
#include <cstdio>

extern "C" int meet();
extern "C" int set_a_timer();

struct last {
  ~last() { std::puts(meet() == 0 ? "met" : "not met"); }
};
static last one;

int main() {
  for (int i = 0; i < 100; ++i)
    if (const int error = meet()) return error;
  return set_a_timer();
}
