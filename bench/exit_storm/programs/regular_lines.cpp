// SPDX-License-Identifier: Apache-2.0
// Regular threads that write lines to stdout: every one of them arrives.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::fputs(storm::noise, stdout); });
  static const char* const writers[] = {"regular-0", "regular-1", "regular-2"};
  for (const char* writer : writers) {
    storm::expect(writer, 200);
    curfew::thread([writer] {
      storm::jitter();
      storm::keep_all(writer, 200);
    });
  }
  return storm::end();
}
