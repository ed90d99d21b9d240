// SPDX-License-Identifier: Apache-2.0
// A thread's stream is owned by what its function has captured, which lies on the heap: nothing on its stack points to
// it.
#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

int main() {
  auto out = std::make_shared<std::fstream>("/dev/null", std::ios::out);
  std::thread([out] {
    *out << "text";
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  }).detach();
  out.reset();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}
