// SPDX-License-Identifier: Apache-2.0
// Daemons that write a log of their own to one FILE, with flushes.
#include "storm.hpp"

int main() {
  static std::FILE* const log = std::tmpfile();
  if (log == nullptr) return 1;
  storm::daemons(3, [] {
    std::fprintf(log, "an event %d of many\n", 7);
    std::fflush(log);
  });
  return storm::end();
}
