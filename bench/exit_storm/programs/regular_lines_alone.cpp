// SPDX-License-Identifier: Apache-2.0
// The same without a daemon: the ordinary exit, which still waits.
#include "storm.hpp"

int main() {
  storm::raise_curtain();
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
