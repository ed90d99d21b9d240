// SPDX-License-Identifier: Apache-2.0
// A library that names the functions for condition variables without a version has all of them from lock tracking, or
// none.
//! seconds: 0..20
//! out: met
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstdio>

extern "C" int meet();

int main() {
  for (int i = 0; i < 100; ++i)
    if (const int error = meet()) return error;
  curfew::thread([] {}).join();
  std::puts("met");
}
