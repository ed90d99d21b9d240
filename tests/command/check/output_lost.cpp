// SPDX-License-Identifier: Apache-2.0
//! error output-lost
// A detached thread is frozen with bytes in its std::ofstream.
#include <unistd.h>

#include <fstream>
#include <thread>

int main() {
  std::thread([] {
    std::ofstream out("/dev/null");
    out << "a line that nobody will read\n";
    for (;;) ::pause();
  }).detach();
  ::usleep(20000);
}
