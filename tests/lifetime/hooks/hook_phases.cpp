// SPDX-License-Identifier: Apache-2.0
// Phases run in the order in which they were declared, whatever the order of registering, before regular threads are
// waited for. A phase that is late is left behind; what throws, calls exit or ends its thread ends nothing else.
//! out: listeners: b
//! out: listeners: a
//! out: unlimited on the exiting thread
//! out: last
//! out: static destroyed
//! err: Exception in exit hook "throws": std::runtime_error: no
//! err: curfew: the phase "stuck" is not done after its limit of 50 ms: the hook "hangs" still runs; the exit goes on
//! status: 4
#include <curfew/hook_phases.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <stdexcept>

using namespace std::chrono_literals;

static curfew_test::speaking last{"static destroyed"};

int main() {
  curfew::set_hook_phases({{"listeners", 20s},
                           {"throws", 20s},
                           {"stuck", 50ms},
                           {"exits", 20s},
                           {"unlimited"},
                           {"last", 20s},
                           {"empty", 20s}});
  const auto removed = curfew::in_phase("last", "removed", [] { std::puts("a removed hook ran"); });
  curfew::in_phase("last", "last", [] { std::puts("last"); });
  CHECK(curfew::remove_hook(removed));
  CHECK(!curfew::remove_hook(removed));
  curfew::in_phase("unlimited", "here", [exiting = std::this_thread::get_id()] {
    if (std::this_thread::get_id() == exiting) std::puts("unlimited on the exiting thread");
  });
  curfew::in_phase("exits", "exits", [] { std::exit(7); });
  curfew::in_phase("stuck", "never", [] { std::puts("the hook behind a late one ran"); });
  curfew::in_phase("stuck", "hangs", [] {
    for (;;) std::this_thread::sleep_for(1ms);
  });
  curfew::in_phase("throws", "throws", [] { throw std::runtime_error("no"); });
  curfew::in_phase("listeners", "a", [] {
    CHECK(curfew::exit_phase() == curfew::phase::running);
    std::puts("listeners: a");
    try {
      curfew::in_phase("listeners", "late", [] {});
      CHECK(false);
    } catch (const curfew::exit_in_progress&) {
      // As it should be: this phase has begun.
    }
  });
  curfew::in_phase("listeners", "b", [] { std::puts("listeners: b"); });
  return 4;
}
