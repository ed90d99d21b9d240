// SPDX-License-Identifier: Apache-2.0
//! nothing
// A library that names the functions for condition variables without a version waits and is woken as it is plain.
#include <cstdio>

extern "C" int meet();

struct last {
  ~last() { std::puts(meet() == 0 ? "met" : "not met"); }
};
static last one;

int main() {
  for (int i = 0; i < 100; ++i)
    if (const int error = meet()) return error;
}
