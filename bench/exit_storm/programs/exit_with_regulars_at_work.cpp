// SPDX-License-Identifier: Apache-2.0
// std::exit in a regular thread: the other regular threads finish first.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::fputs(storm::noise, stdout); });
  storm::expect("worker", 200);
  curfew::thread([] {
    storm::jitter();
    storm::keep_all("worker", 200);
  });
  curfew::thread([] { std::exit(storm::end()); });
  for (;;) ::pause();
}
