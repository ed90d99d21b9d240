// SPDX-License-Identifier: Apache-2.0
// A library that names the functions for condition variables without a version waits and is woken as it is plain.
//! under: run
//! out: met
#include <cstdio>

extern "C" int meet();

int main() {
  for (int i = 0; i < 100; ++i)
    if (const int error = meet()) return error;
  std::puts("met");
}
