// SPDX-License-Identifier: Apache-2.0
//! error output-lost
// A detached thread is frozen with unwritten output in a std::fstream on the heap.
#include <unistd.h>

#include <fstream>
#include <thread>

int main() {
  std::thread([] {
    std::fstream* volatile file = new std::fstream("/dev/null", std::ios::in | std::ios::out);
    *file << "a line\n";
    for (;;) ::pause();
  }).detach();
  ::usleep(20000);
}
