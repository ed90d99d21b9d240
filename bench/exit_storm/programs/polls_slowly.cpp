// SPDX-License-Identifier: Apache-2.0
// Daemons that ask for something every 50 ms, and look at nothing else. Nobody wakes them from their sleep because the
// program ends: from the end of main to the first destructor each asks once more, at most.
#include "storm.hpp"

static std::atomic<unsigned> requests{0};
static unsigned at_end = 0;
constexpr unsigned pollers = 3;

struct counts {
  ~counts() {
    if (const unsigned after = requests - at_end; after > pollers)
      storm::mark("fault ran-on %u requests after the end of main", after);
  }
};
static const counts built_late;

int main() {
  for (unsigned i = 0; i < pollers; ++i)
    curfew::thread({.daemon = true}, [] {
      for (;;) {
        ++requests;
        static_cast<void>(curfew::this_thread::sleep_for(std::chrono::milliseconds(50)));
      }
    });
  storm::daemons(1, [] {});
  const int status = storm::end();
  at_end = requests;
  return status;
}
