// SPDX-License-Identifier: Apache-2.0
// global joinable std::thread destroyed by exit() => std::terminate (openlierox#1096 ...).
#include <chrono>
#include <cstdio>
#include <thread>
static std::thread worker;
int main() {
  worker = std::thread([] {
    for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  puts("done");
  return 0;
}
