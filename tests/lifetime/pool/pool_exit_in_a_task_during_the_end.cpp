// SPDX-License-Identifier: Apache-2.0
// The only worker calls std::exit when main's exit is under way, and is frozen: what is queued behind it is run all
// the same.
//! status: 7
//! out: 100 of 100 ran
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>

#include <support/program.hpp>

#include <cstdlib>

using namespace curfew_test;

static std::atomic<int> ran{0};
struct teller {
  ~teller() { std::printf("%d of 100 ran\n", ran.load()); }
};

int main() {
  static teller last;
  static curfew::thread_pool pool({.workers = 1});
  pool.post([] {
    CHECK(eventually([] { return curfew::exit_phase() >= curfew::phase::draining; }));
    std::exit(1);
  });
  for (int i = 0; i < 100; ++i) pool.post([] { ++ran; });
  return 7;
}
