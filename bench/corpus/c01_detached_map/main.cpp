// SPDX-License-Identifier: Apache-2.0
// A detached thread updates a static std::map (under a static mutex) while main returns.
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
static std::mutex mu;
static std::map<int, std::string> m;
int main() {
  for (int i = 0; i < 20000; i++) m[i] = std::string(40, 'v');
  std::thread([] {
    unsigned s = 1;
    for (;;) {
      s = s * 1664525u + 1013904223u;
      std::lock_guard l(mu);
      int k = (s >> 8) % 20000;
      if (s & 0x40)
        m.erase(k);
      else
        m[k] = std::string(30 + k % 40, 'w');
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(3));
  return 0;
}
