// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
//! status 3
// Three hundred threads come and go while the exit looks at each of them.
#include <chrono>
#include <string>
#include <thread>

static std::string name = "a name that lies on the heap";

int main() {
  for (int i = 0; i < 300; ++i)
    std::thread([] {
      for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }).detach();
  return name.empty() ? 0 : 3;
}
