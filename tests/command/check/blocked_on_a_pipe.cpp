// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked
//! says "waits in read of descriptor 100 (a pipe)"
//! prints "written before"
// A destructor reads from a pipe that nobody writes to; another thread holds a stream for ever.
#include <unistd.h>

#include <cstdio>
#include <thread>

struct reader {
  ~reader() {
    char byte = 0;
    if (::read(100, &byte, 1) == 1) ::_exit(1);
  }
};
static reader only;

int main() {
  int ends[2];
  if (::pipe(ends) != 0 || ::dup2(ends[0], 100) != 100) return 1;
  static std::FILE* const other = std::fopen("/dev/null", "w");
  std::printf("written before");
  std::thread([] {
    ::flockfile(other);
    for (;;) ::pause();
  }).detach();
  ::usleep(20000);
}
