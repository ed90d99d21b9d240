// SPDX-License-Identifier: Apache-2.0
// Two hundred regular threads that have all begun when main returns, each with something to write.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  static char writers[200][16];
  for (auto& writer : writers) {
    std::snprintf(writer, sizeof writer, "regular-%d", static_cast<int>(&writer - writers));
    storm::expect(writer, 2);
    curfew::thread([name = writer] {
      ::usleep(200);
      storm::keep_all(name, 2);
    });
  }
  return storm::end();
}
