// SPDX-License-Identifier: Apache-2.0
// A std::jthread with static storage, stopped and joined by its destructor while daemons are frozen: it still works.
#include "storm.hpp"

#include <thread>

static std::jthread drain;

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  storm::expect("drain", 20);
  drain = std::jthread([](std::stop_token asked) {
    while (!asked.stop_requested()) ::usleep(20);
    storm::keep_all("drain", 20);
  });
  return storm::end();
}
