// SPDX-License-Identifier: Apache-2.0
// finish() with a deadline that passes: it returns and says so; daemons are frozen, the regular thread still runs, and
// the exit that follows does not wait for it. Its
// status is main's, or that of the deadline, which is over.
//! seconds: 0..10
//! status: 6 124
//! out: finish returned
//! out: static destroyed
//! err~ curfew: the exit has waited 0\.\d s for 1 thread:
//! err~ .*"Thread-1" \(#1\), regular, .*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static std::atomic<long> ticks{0};
static std::atomic<long> beats{0};

int main() {
  curfew::set_exit_options({.deadline = std::chrono::milliseconds(200)});
  curfew::thread regular([] {
    for (;;) {
      ++beats;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  curfew::thread daemon({.daemon = true}, [] {
    for (;;) ++ticks;
  });
  CHECK(curfew_test::eventually([] { return ticks > 0 && beats > 0; }));
  const curfew_test::stopwatch watch;
  const auto report = curfew::finish();
  CHECK(watch.elapsed() < curfew_test::patient(std::chrono::seconds(5)));
  std::puts("finish returned");
  CHECK(report.deadline_passed);
  CHECK(report.frozen.size() == 1);
  CHECK(curfew::exit_phase() == curfew::phase::frozen);
  const long frozen_at = ticks;
  const long beaten = beats;
  CHECK(curfew_test::eventually([&] { return beats > beaten; }));
  CHECK(ticks == frozen_at);
  return 6;
}
