// SPDX-License-Identifier: Apache-2.0
// The exit waits for a regular timer that calls once; it does not wait for periodic and daemon ones. In phase frozen no
// timer can be made, and one that is left can be cancelled.
//! seconds: 0..8
//! out: main ended
//! out: called in phase draining
//! out: too late: exit_in_progress
//! out: cancelled
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>

#include <support/program.hpp>

#include <atomic>
#include <optional>

using namespace std::chrono_literals;

static std::atomic<int> ticks{0};
static std::optional<curfew::timer> in_a_day;

static const struct last {
  ~last() {
    std::printf("too late: %s\n", curfew_test::error_of([] { curfew::timer t(1ms, [] {}); }));
    const int before = ticks;
    std::this_thread::sleep_for(5ms);
    CHECK(ticks == before);
    in_a_day->cancel();
    CHECK(!in_a_day->is_alive());
    std::puts("cancelled");
  }
} at_the_end;

int main() {
  in_a_day.emplace(curfew::timer_options{.daemon = true}, 24h, [] {});
  const curfew::timer tick({.periodic = true}, 1ms, [] { ++ticks; });
  const curfew::timer daemon_tick({.periodic = true, .daemon = true}, 1ms, [] { ++ticks; });
  const curfew::timer tick_alone({.periodic = true, .own_thread = true}, 1ms, [] { ++ticks; });
  const curfew::timer slow_tick({.periodic = true}, 24h, [] {});
  const curfew::timer slow_tick_alone({.periodic = true, .own_thread = true}, 24h, [] {});
  const curfew::timer once(300ms, [] { std::printf("called in phase %s\n", curfew::to_string(curfew::exit_phase())); });
  CHECK(curfew_test::eventually([] { return ticks > 3; }));
  curfew_test::say("main ended");
}
