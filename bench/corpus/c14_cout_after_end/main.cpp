// SPDX-License-Identifier: Apache-2.0
// Output after the program said "END" in its last static destructor / atexit handler.
#include <unistd.h>
#include <chrono>
#include <iostream>
#include <thread>
struct End {
  ~End() {
    usleep(2000);
    std::cout << "END" << std::endl;
  }
};
static End e;
int main() {
  std::thread([] {
    for (long i = 0;; ++i) std::cout << "tick " << i << std::endl;
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
