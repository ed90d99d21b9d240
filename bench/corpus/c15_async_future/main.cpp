// SPDX-License-Identifier: Apache-2.0
// static std::future from std::async: its destructor (exit) waits for the task; the task waits for something that will
// not come.
#include <chrono>
#include <future>
#include <thread>
static std::future<void> f;
int main() {
  f = std::async(std::launch::async, [] { std::this_thread::sleep_for(std::chrono::seconds(30)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
