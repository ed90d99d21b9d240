// SPDX-License-Identifier: Apache-2.0
// README.md's first program: it crashes in many of its runs, after main has returned.
#include <map>
#include <string>
#include <thread>

std::map<int, std::string> sessions;

int main() {
  std::thread([] {
    for (int i = 0;; ++i) sessions[i % 1000] += "x";
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}  // sessions is destroyed here; the thread goes on
