// SPDX-License-Identifier: Apache-2.0
// finish() runs the exit up to the freeze and returns; the host goes on without threads; the real exit destroys statics
// and runs nothing twice.
//! out: before-wait hook
//! out: regular ended
//! out: after-wait hook
//! out: host goes on
//! out: starting a thread: exit_in_progress
//! out: joining the frozen daemon: exit_in_progress
//! out: a late hook: exit_in_progress
//! out: host ends
//! out: static destroyed
//! status: 5
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static std::atomic<long> ticks{0};

int main() {
  using curfew_test::error_of;
  curfew::before_wait("before", [] { std::puts("before-wait hook"); });
  curfew::after_wait("after", [] { std::puts("after-wait hook"); });
  curfew::thread regular({.name = "worker"}, [] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::puts("regular ended");
  });
  curfew::thread daemon({.name = "ticker", .daemon = true}, [] {
    for (;;) ++ticks;
  });
  CHECK(curfew_test::eventually([] { return ticks > 0; }));
  const auto report = curfew::finish();
  const long at_the_freeze = ticks;
  std::puts("host goes on");
  CHECK(curfew::exit_phase() == curfew::phase::frozen);
  CHECK(report.waited_for.size() == 1 && report.waited_for[0].name == "worker");
  CHECK(report.waited > std::chrono::milliseconds(0));
  CHECK(report.frozen.size() == 1 && report.frozen[0].name == "ticker");
  CHECK(report.not_frozen.empty() && report.not_waited_for.empty());
  CHECK(report.freeze_rounds >= 1);
  CHECK(!report.deadline_passed);
  const auto again = curfew::finish();
  CHECK(again.frozen.size() == 1 && again.waited == report.waited);
  std::printf("starting a thread: %s\n", error_of([] { curfew::thread t([] {}); }));
  std::printf("joining the frozen daemon: %s\n", error_of([&] { daemon.join(); }));
  std::printf("a late hook: %s\n", error_of([] { curfew::before_wait("late", [] {}); }));
  const curfew::shield late;
  CHECK(!late);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(ticks == at_the_freeze);
  std::puts("host ends");
  return 5;
}
