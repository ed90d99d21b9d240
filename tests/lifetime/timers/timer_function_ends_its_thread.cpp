// SPDX-License-Identifier: Apache-2.0
// The function of a timer ends its thread by pthread_exit as main returns: the others are still called.
//! seconds: 0..8
//! out: main returns
//! out: called in phase draining
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <pthread.h>

using namespace std::chrono_literals;

static curfew_test::speaking last("static destroyed");

int main() {
  if (curfew_test::no_pthread_exit != nullptr) curfew_test::skip(curfew_test::no_pthread_exit);
  const curfew::timer once(300ms, [] { std::printf("called in phase %s\n", curfew::to_string(curfew::exit_phase())); });
  const curfew::timer ends(0s, [] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    ::pthread_exit(nullptr);
  });
  curfew_test::say("main returns");
}
