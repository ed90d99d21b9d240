// SPDX-License-Identifier: Apache-2.0
//! error static-built-during-exit log()::lines
// A destructor is the first to use a static of a function.
#include <string>
#include <vector>

static std::vector<std::string>& log() {
  static std::vector<std::string> lines;
  return lines;
}
struct service {
  ~service() { log().emplace_back("service ended"); }
};
static service only;

int main() {}
