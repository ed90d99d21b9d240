// SPDX-License-Identifier: Apache-2.0
//! error joinable-thread-destroyed workers
// Three threads, and only those in the static vector are destroyed joinable.
#include <chrono>
#include <thread>
#include <vector>

static std::vector<std::thread> workers;

int main() {
  const auto sleep = [] { std::this_thread::sleep_for(std::chrono::seconds(60)); };
  workers.emplace_back(sleep);
  workers.emplace_back(sleep);
  std::thread(sleep).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}
