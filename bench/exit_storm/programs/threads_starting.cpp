// SPDX-License-Identifier: Apache-2.0
// Threads that were only just made when main returns, and have not begun: regular ones run, daemons may or may not.
#include "storm.hpp"

int main() {
  storm::expect("main", 20);
  storm::keep_all("main", 20);
  storm::raise_curtain();
  static const char* const writers[] = {"regular-0", "regular-1", "regular-2"};
  for (const char* writer : writers) {
    curfew::thread({.daemon = true}, [] {
      for (;;) storm::use_statics();
    });
    storm::expect(writer, 10);
    curfew::thread([writer] { storm::keep_all(writer, 10); });
    curfew::thread({.daemon = true}, [] { storm::use_statics(); });
  }
  return storm::status;
}
