// SPDX-License-Identifier: Apache-2.0
// A regular thread that takes a token is asked to stop when the wait begins; one that takes none is not.
//! out: hook: not asked
//! out: with a token: asked
//! out: without: not asked
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::gate printed;

int main() {
  static curfew::thread with([](std::stop_token stop) {
    CHECK(!curfew::this_thread::sleep_for(std::chrono::hours(1)));
    std::printf("with a token: %s\n", stop.stop_requested() ? "asked" : "not asked");
    printed.open();
  });
  static curfew::thread without([] {
    printed.wait();
    std::printf("without: %s\n", curfew::this_thread::stop_requested() ? "asked" : "not asked");
  });
  curfew::before_wait(
      "looks", [] { std::printf("hook: %s\n", with.get_stop_token().stop_requested() ? "asked" : "not asked"); });
}
