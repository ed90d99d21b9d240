// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction router
// A detached thread walks a vector inside an object that a static owned.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

struct routes {
  std::vector<std::string> all{std::string(40, 'a'), std::string(40, 'b')};
  [[nodiscard]] bool has(const std::string& wanted) const {
    for (const auto& one : all)
      if (one == wanted) return true;
    return false;
  }
};
static std::unique_ptr<routes> router = std::make_unique<routes>();
static volatile bool found;

int main() {
  std::thread([given = router.get()] {
    for (;;) {
      found = given->has("c");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
