// SPDX-License-Identifier: Apache-2.0
// Daemons that hold stdout's lock nearly all the time.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] {
    ::flockfile(stdout);
    std::fputs(storm::noise, stdout);
    storm::compute(5000);
    ::funlockfile(stdout);
  });
  return storm::end();
}
