// SPDX-License-Identifier: Apache-2.0
// Daemons that sleep for long, and for a moment at a time.
#include "storm.hpp"

#include <thread>

int main() {
  storm::daemons(2, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  storm::daemons(2, [] { std::this_thread::sleep_for(std::chrono::microseconds(50)); });
  return storm::end();
}
