// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
//! status 4
// A destructor frees for longer than the patience lasts: it works, and is not blocked.
#include <chrono>
#include <map>
#include <thread>

static std::map<int, long> numbers;

int main() {
  for (int i = 0; i < 700'000; ++i) numbers.emplace_hint(numbers.end(), i, i);
  std::thread([] {
    for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }).detach();
  return 4;
}
