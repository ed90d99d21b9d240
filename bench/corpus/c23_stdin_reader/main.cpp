// SPDX-License-Identifier: Apache-2.0
// A daemon blocked in std::getline(std::cin) / fgets (FILE lock held) while exit() flushes/unbuffers stdio. stdin = a
// pipe nobody writes.
#include <unistd.h>
#include <cstdio>
#include <thread>
int main() {
  int p[2];
  (void)!pipe(p);
  dup2(p[0], 0);
  std::thread([] {
    char b[100];
    while (fgets(b, 100, stdin))
      ;
  }).detach();
  usleep(5000);
  puts("bye");
  return 0;
}
