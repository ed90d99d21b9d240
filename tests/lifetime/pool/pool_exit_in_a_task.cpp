// SPDX-License-Identifier: Apache-2.0
// std::exit in a task while others are queued behind it, while a second task calls it too, and main is in a join: what
// is queued is run, by workers that are not lost.
//! repeat: 10
//! status: 7
//! out: 100 of 100 ran
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
  static curfew::thread_pool pool({.workers = 2});
  static gate go;
  for (int i = 0; i < 2; ++i)
    pool.post([] {
      go.wait();
      std::exit(7);
    });
  for (int i = 0; i < 100; ++i) pool.post([] { ++ran; });
  go.open();
  pool.wait_idle();
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}
