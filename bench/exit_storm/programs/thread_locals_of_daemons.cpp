// SPDX-License-Identifier: Apache-2.0
// Daemons that end all the time, each with thread_local objects that use a static when they go.
#include "storm.hpp"

struct tally {
  std::string text = std::string(100, 't');
  ~tally() {
    const std::lock_guard hold(storm::mutex);
    if (!storm::lines.empty()) storm::lines.back() = text;
  }
};
static thread_local tally mine;

int main() {
  storm::daemons(2, [] {
    try {
      curfew::thread({.daemon = true}, [] { mine.text += 'x'; }).join();
    } catch (const std::exception&) {
      ::usleep(100);
    }
  });
  return storm::end();
}
