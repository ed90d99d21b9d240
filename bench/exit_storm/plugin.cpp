// SPDX-License-Identifier: Apache-2.0
// A shared library that starts threads, whose code and statics are its own. It uses the curfew of the program that
// loads it.
#ifdef STORM_BASELINE
#include "baseline.hpp"
#else
#include <curfew/thread.hpp>
#endif

#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

static std::vector<std::string> words(50, std::string(50, 'w'));
static std::mutex words_mutex;

extern "C" [[gnu::visibility("default")]] void plugin_start(const char* writer) {
  curfew::thread({.daemon = true}, [] {
    for (;;) {
      const std::lock_guard hold(words_mutex);
      for (auto& word : words) word.back() = 'x';
    }
  });
  curfew::thread({.daemon = false}, [writer] {
    for (int i = 1; i <= 50; ++i) {
      std::printf("keep %s %d\n", writer, i);
      ::usleep(10);
    }
  });
}
