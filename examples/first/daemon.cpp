// SPDX-License-Identifier: Apache-2.0
// README.md's second program: the same, with a daemon.
#include <curfew/thread.hpp>

#include <map>
#include <string>

std::map<int, std::string> sessions;

int main() {
  curfew::thread({.daemon = true}, [] {
    for (int i = 0;; ++i) sessions[i % 1000] += "x";
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}  // the thread is frozen, then sessions is destroyed
