// SPDX-License-Identifier: Apache-2.0
// fork in a regular thread: its child ends by std::exit; the end of the parent waits for the thread.
#include "storm.hpp"

#include "child.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  curfew::thread([] { storm::check_child([] { std::exit(storm::status); }); });
  storm::expect("main", 20);
  {
    const std::lock_guard hold(storm::mutex);  // the child must not inherit half of what main writes
    storm::keep_all("main", 20);
    std::fflush(stdout);
  }
  storm::jitter();
  return storm::status;
}
