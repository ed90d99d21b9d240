// SPDX-License-Identifier: Apache-2.0
// A static destructor starts a thread where there never was another: it gets exit_in_progress all the same.
#include "storm.hpp"

struct late_starter {
  ~late_starter() {
    storm::expect("refused", 1);
    try {
      curfew::thread([] { storm::steps.fetch_add(1); });
      storm::mark("fault wrong-status a thread was started in a static destructor");
    } catch (const curfew::exit_in_progress&) {
      storm::keep("refused", 1);
    }
  }
};
static const late_starter starts_at_the_end;

int main() { return storm::end(); }
