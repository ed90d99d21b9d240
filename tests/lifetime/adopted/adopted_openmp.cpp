// SPDX-License-Identifier: Apache-2.0
// The workers of an OpenMP team, which the runtime keeps for ever, are adopted for the work that must be finished. The
// exit waits for that work, though the team runs in a detached thread; afterwards it does not wait for the workers.
//! out: 4 parts done
//! out: static destroyed
#include <curfew/adopt.hpp>
#include <curfew/exit.hpp>

#include <support/program.hpp>

#include <omp.h>

#include <thread>

static std::atomic<int> adopted{0}, done{0};

struct witness {
  ~witness() {
    std::printf("%d parts done\n", done.load());
    std::puts("static destroyed");
  }
};
static witness last;

int main() {
  std::thread([] {
#pragma omp parallel num_threads(4)
    {
      const auto here = curfew::adopt({.name = "part"});
      ++adopted;
      CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
      std::this_thread::sleep_for(std::chrono::milliseconds(20 * (1 + omp_get_thread_num())));
      ++done;
    }
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  }).detach();
  CHECK(curfew_test::eventually([] { return adopted == 4; }));
}
