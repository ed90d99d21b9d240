// SPDX-License-Identifier: Apache-2.0
// A global cache as ordinary applications have one: ~100 k small entries, destroyed by exit() after every static that
// was constructed later (library function-local statics). It only makes exit() take the ~10-20 ms it takes in a real
// program.
#include <map>
#include <string>
static struct BigCache {
  std::map<int, std::string> m;
  BigCache() {
    for (int i = 0; i < 100000; i++) m.emplace(i, std::string(48, char('a' + i % 26)));
  }
} g_big_cache;
