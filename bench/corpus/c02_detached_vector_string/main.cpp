// SPDX-License-Identifier: Apache-2.0
// detached thread appends to a static vector<string>/string while main returns.
#include <chrono>
#include <string>
#include <thread>
#include <vector>
static std::vector<std::string> v;
static std::string s;
int main() {
  v.reserve(100000);
  std::thread([] {
    for (long i = 0;; ++i) {
      v.push_back(std::string(64, 'a' + i % 26));
      if (v.size() > 90000) v.clear();
      s = v.empty() ? "" : v.back();
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
