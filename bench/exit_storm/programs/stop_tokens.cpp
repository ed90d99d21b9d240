// SPDX-License-Identifier: Apache-2.0
// Daemons that take a stop token, with a grace: their last words arrive. Regular ones need no grace.
#include "storm.hpp"

int main() {
  storm::daemons(1, [] { std::fputs(storm::noise, stdout); });
  for (const bool daemon : {false, true}) {
    const char* const writer = daemon ? "daemon" : "regular";
    storm::expect(writer, 50);
    curfew::thread({.daemon = daemon, .grace = std::chrono::seconds(5)}, [writer](std::stop_token) {
      while (curfew::this_thread::sleep_for(std::chrono::milliseconds(1))) {
      }
      storm::keep_all(writer, 50);
    });
  }
  return storm::end();
}
