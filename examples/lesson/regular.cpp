// SPDX-License-Identifier: Apache-2.0
// The lesson, first form: a regular thread. The end of the program waits for it.
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <latch>

static std::latch begun(1);  // only so that the lines come in one order: a thread starts when the system pleases

static void myfunc(const char* name) {
  std::printf("myfunc started with %s\n", name);
  begun.count_down();
  std::this_thread::sleep_for(std::chrono::seconds(10));
  std::printf("myfunc ended\n");
}

int main() {
  std::printf("main started\n");
  curfew::thread t(myfunc, "realpython");
  begun.wait();
  std::printf("main ended\n");
}
