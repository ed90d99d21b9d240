// SPDX-License-Identifier: Apache-2.0
// --wait-detached: what a detached thread has to do is done before the first destructor. --grace: as far as the time
// goes. --deadline: a wait that is broken off ends with 124, as with `timeout`.
//! case: waited for
//! under: run --wait-detached
//! args: 300
//! out: worked
//! out: destroyed
//! status: 3
//! case: within the grace
//! under: run --grace 20s
//! args: 300
//! out: worked
//! out: destroyed
//! status: 3
//! case: longer than the grace
//! under: run --grace 100ms
//! args: 60000
//! out: destroyed
//! status: 3
//! case: longer than the deadline
//! under: run --wait-detached --deadline 300ms
//! args: 60000
//! status: 124
#include "witness.hpp"

#include <cstdlib>

static witness::victim victim;

int main(int, char** argv) {
  const std::chrono::milliseconds time(std::atoi(argv[1]));
  std::thread([time] {
    std::this_thread::sleep_for(time);
    witness::use();
    std::puts("worked");
  }).detach();
  return 3;
}
