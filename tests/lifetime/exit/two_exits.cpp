// SPDX-License-Identifier: Apache-2.0
// A second std::exit while the first one runs: it waits, the first status wins, and what is destroyed is destroyed
// once. The second is on a regular thread: that is no reason to wait for it.
//! status: 3
//! out: first exits
//! out: second exits
//! out: third ended
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate first_is_inside;
static curfew_test::gate second_goes;
static curfew_test::gate others_made;

int main() {
  curfew::before_wait("tells", [] { first_is_inside.open(); });
  curfew::thread first([] {
    others_made.wait();
    std::puts("first exits");
    std::exit(3);
  });
  curfew::thread second([] {
    first_is_inside.wait();
    std::puts("second exits");
    second_goes.open();
    std::exit(4);
  });
  curfew::thread third([] {
    second_goes.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts("third ended");
  });
  others_made.open();
  std::this_thread::sleep_for(std::chrono::hours(1));
}
