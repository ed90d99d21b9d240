// SPDX-License-Identifier: Apache-2.0
// A program that fails to become another one goes on, and its own exit is checked. Right: the finding.
#include <unistd.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>

static std::map<int, std::string> sessions;

int main() {
  execlp("no-such-program-anywhere", "no", static_cast<char*>(nullptr));
  std::thread([] {
    for (int i = 0;; ++i) sessions[i % 1000] += "x";
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
