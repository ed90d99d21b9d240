// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction table()::names
//! says "at without_address_ranges.cpp:17"
// Debug information as clang writes it: no table of address ranges, and addresses by their number.
#include <unistd.h>

#include <string>
#include <thread>

static std::string& table() {
  static std::string names(100, 'x');
  return names;
}

[[gnu::noinline]] static void use() {
  // One line, which a finding has to name.
  table()[0] = 'y';
  ::usleep(1000);
}

int main() {
  table();
  std::thread([] {
    for (;;) use();
  }).detach();
  ::usleep(20000);
}
