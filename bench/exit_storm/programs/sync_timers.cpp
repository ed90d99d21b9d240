// SPDX-License-Identifier: Apache-2.0
// Timers at the end: regular ones that are pending are called, once each, before the process ends; those of daemons are
// busy until they are frozen; cancelled ones are not called.
#include "storm.hpp"

#include <curfew/sync.hpp>

#include <vector>

using namespace std::chrono_literals;

int main() {
  storm::raise_curtain();
  storm::expect("shared", 40);
  storm::expect("own", 5);
  std::vector<curfew::timer> timers;
  for (int i = 1; i <= 40; ++i) timers.emplace_back(i * 100us, [i] { storm::keep("shared", i); });
  for (int i = 1; i <= 5; ++i)
    timers.emplace_back(curfew::timer_options{.own_thread = true}, i * 500us, [i] { storm::keep("own", i); });
  std::vector<curfew::timer> cancelled;
  for (int i = 1; i <= 20; ++i) cancelled.emplace_back(1h, [] { storm::mark("fault wrong-status a cancelled timer"); });
  for (auto& t : cancelled) t.cancel();
  static std::vector<curfew::timer> periodic;
  for (int i = 0; i < 3; ++i)
    periodic.emplace_back(curfew::timer_options{.periodic = true, .daemon = true}, 20us, [] { storm::use_statics(); });
  return storm::end();
}
