// SPDX-License-Identifier: Apache-2.0
// finish() in main, which goes on without its daemons and then returns.
#include "storm.hpp"

int main() {
  storm::daemons(3, [] { std::fputs(storm::noise, stdout); });
  storm::jitter();
  curfew::finish();
  const auto before = storm::steps.load();
  if (curfew::exit_phase() != curfew::phase::frozen) storm::mark("fault wrong-status the phase is not frozen");
  storm::jitter();
  if (storm::steps.load() != before) storm::mark("late 1");
  return storm::end();
}
