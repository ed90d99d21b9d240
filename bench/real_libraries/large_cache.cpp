// SPDX-License-Identifier: Apache-2.0
// A cache as an ordinary application has one: 100 000 entries, built before every other static of the program and so
// destroyed after it. It makes the exit last the 10 to 20 ms that it lasts in a program of some size, and gives a
// thread that runs on the time to touch what is already destroyed.
#include <map>
#include <string>

namespace {

struct large_cache {
  std::map<int, std::string> entries;
  large_cache() {
    for (int i = 0; i < 100'000; ++i) entries.emplace(i, std::string(48, static_cast<char>('a' + i % 26)));
  }
};

[[gnu::init_priority(200), gnu::used]] large_cache cache;

}  // namespace
