// SPDX-License-Identifier: Apache-2.0
// "regular" work handed to a detached thread; main returns before it is done => records lost.
#include <unistd.h>
#include <cstdio>
#include <thread>
int main(int c, char** v) {
  const char* f = c > 1 ? v[1] : "/dev/null";
  std::thread([f] {
    FILE* o = fopen(f, "w");
    for (int i = 0; i < 500; i++) {
      fprintf(o, "rec %d\n", i);
      usleep(100);
    }
    fclose(o);
  }).detach();
  usleep(5000);
  return 0;
}
