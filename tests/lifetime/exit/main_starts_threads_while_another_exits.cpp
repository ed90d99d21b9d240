// SPDX-License-Identifier: Apache-2.0
// main starts threads without pause while a daemon exits: main is frozen in the middle of it, it is not thrown at.
//! repeat: 20
//! status: 4
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

static curfew_test::speaking last("static destroyed");
static std::atomic<int> made{0};

int main() {
  curfew::thread exits({.daemon = true}, [] {
    CHECK(curfew_test::eventually([] { return made > 20; }));
    std::exit(4);
  });
  for (;;) {
    curfew::thread({.daemon = made % 2 == 0}, [] {}).detach();
    ++made;
    // There threads start slowly: with a thousand of them waiting to begin the exit takes so long that it says so.
    if (curfew_test::address_sanitizer) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}
