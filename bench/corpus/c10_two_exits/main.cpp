// SPDX-License-Identifier: Apache-2.0
// Two threads call exit() at about the same time (golang/go#15578, rust-lang/rust#126600, wgpu#5084): the second caller
// runs the remaining handlers and ends the process while the first is still inside a destructor that saves data.
#include <unistd.h>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
static const char* g_file = "/dev/null";
static std::atomic<int> go{0};
struct Saver {
  ~Saver() {
    FILE* f = fopen(g_file, "w");
    for (int i = 0; i < 200; i++) {
      fprintf(f, "rec %d\n", i);
      usleep(50);
    }
    fclose(f);
  }
};
static Saver saver;
int main(int c, char** v) {
  if (c > 1) g_file = v[1];
  std::thread a([] {
    while (!go)
      ;
    exit(0);
  }),
      b([] {
        while (!go)
          ;
        exit(0);
      });
  go = 1;
  a.join();
  b.join();
}
