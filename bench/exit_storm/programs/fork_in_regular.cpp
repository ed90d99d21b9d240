// SPDX-License-Identifier: Apache-2.0
// fork in a regular thread: its child ends by std::exit; the end of the parent waits for the thread.
#include "storm.hpp"

#include "child.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  curfew::thread([] { storm::check_child([] { std::exit(storm::status); }); });
  return storm::end();
}
