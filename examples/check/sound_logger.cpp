// SPDX-License-Identifier: Apache-2.0
// The same logger, stopped and joined before main returns: `curfew check` finds nothing.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

static std::vector<std::string> lines;

static void log_until_asked(std::stop_token stop) {
  while (!stop.stop_requested()) {
    lines.emplace_back("still alive");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

int main() {
  const std::jthread logger(log_until_asked);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
