// SPDX-License-Identifier: Apache-2.0
// Regular threads write to a static ofstream and to a FILE of their own, which nobody closes: all of it arrives.
#include "storm.hpp"

#include <fstream>

static std::ofstream stream("/dev/fd/1", std::ios::app);
static std::mutex stream_mutex;

int main() {
  storm::daemons(2, [] {
    const std::lock_guard hold(stream_mutex);
    stream << storm::noise;
  });
  storm::expect("ofstream", 100);
  curfew::thread([] {
    for (int i = 1; i <= 100; ++i) {
      const std::lock_guard hold(stream_mutex);
      stream << "keep ofstream " << i << '\n';
    }
  });
  storm::expect("file", 100);
  curfew::thread([] {
    std::FILE* const file = ::fdopen(::dup(1), "a");
    for (int i = 1; i <= 100; ++i) std::fprintf(file, "keep file %d\n", i);
  });
  return storm::end();
}
