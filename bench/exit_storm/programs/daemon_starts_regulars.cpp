// SPDX-License-Identifier: Apache-2.0
// A daemon starts regular threads, also while the end waits: each that was started finishes its work. The end refuses
// those that come too late.
#include "storm.hpp"

int main() {
  static char writers[1000][24];
  storm::daemons(1, [i = 0]() mutable {
    if (i < 1000) {
      char* const writer = writers[i];
      std::snprintf(writer, sizeof writers[i], "regular-%d", i);
      storm::allow(writer, 2);
      try {
        curfew::thread({.daemon = false}, [writer] { storm::keep_all(writer, 2); });
        storm::expect(writer, 2);  // only now: it was not refused
        ++i;
      } catch (const std::exception&) {
      }
    }
    ::usleep(50);
  });
  return storm::end();
}
