// SPDX-License-Identifier: Apache-2.0
// A joinable thread dies by the signal argv[1] while the exit writes more than a pipe holds, and the reader is slow.
// Right: the program's status; each line that comes, comes once.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <unistd.h>

static volatile bool over;

int main(int, char** argv) {
  const int number = std::atoi(argv[1]);
  static char buffer[1 << 18];
  std::setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  for (int i = 0; i < 9000; ++i) std::printf("line number %d\n", i);
  static auto* const thread = new std::thread([number] {
    while (!over) {
    }
    usleep(static_cast<unsigned>(getpid()) % 50 * 100);
    raise(number);
  });
  std::atexit([] { over = true; });
  return thread->joinable() ? 7 : 3;
}
