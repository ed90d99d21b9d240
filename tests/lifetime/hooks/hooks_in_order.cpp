// SPDX-License-Identifier: Apache-2.0
// Hooks run last registered first, each once, on the exiting thread: the before-wait ones before regular threads are
// waited for, the after-wait ones after that and before daemons are frozen; removed ones do not.
//! out: before 2, phase running
//! out: before 1, phase running
//! out: regular ended
//! out: after 2, phase stopping
//! out: after 1, phase stopping
//! out: static destroyed, phase frozen
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static void tell(const char* what) { std::printf("%s, phase %s\n", what, curfew::to_string(curfew::exit_phase())); }

struct last_of_all {
  ~last_of_all() { tell("static destroyed"); }
};
static last_of_all last;
static std::atomic<long> ticks{0};
static std::thread::id exiting;

int main() {
  curfew::thread daemon({.daemon = true}, [] {
    for (;;) {
      ++ticks;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  });
  exiting = std::this_thread::get_id();
  curfew::before_wait("before 1", [] { tell("before 1"); });
  curfew::after_wait("after 1", [] {
    const long now = ticks;
    CHECK(curfew_test::eventually([=] { return ticks > now; }));  // daemons are not frozen yet
    tell("after 1");
  });
  const auto removed_before = curfew::before_wait("removed", [] { std::puts("removed before-wait hook ran"); });
  const auto removed_after = curfew::after_wait("removed", [] { std::puts("removed after-wait hook ran"); });
  curfew::before_wait("before 2", [] {
    CHECK(std::this_thread::get_id() == exiting);
    tell("before 2");
  });
  curfew::after_wait("after 2", [] {
    CHECK(std::this_thread::get_id() == exiting);
    tell("after 2");
  });
  CHECK(curfew::remove_hook(removed_before));
  CHECK(curfew::remove_hook(removed_after));
  curfew::thread regular([] {
    // Hooks came first: both have printed once the wait has come to this thread.
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts("regular ended");
  });
}
