// SPDX-License-Identifier: Apache-2.0
// What `curfew check` is for: a logger whose thread outlives the static that it uses. It does not use curfew.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

static std::vector<std::string> lines;

static void log_for_ever() {
  for (;;) {
    lines.emplace_back("still alive");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

int main() {
  std::thread(log_for_ever).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
