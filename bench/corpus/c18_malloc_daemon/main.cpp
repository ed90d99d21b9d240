// SPDX-License-Identifier: Apache-2.0
// HAZARD case (works today): malloc-heavy daemons; a static destructor frees 100k nodes. If a daemon is frozen inside
// malloc with an arena lock held, exit deadlocks. Correct: exit 0, quickly, "saved" printed.
#include <unistd.h>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
struct M {
  std::map<int, std::string> m;
  ~M() {
    m.clear();
    std::string s(100000, 'x');
    printf("saved %zu\n", s.size());
  }
};
static M g;
int main() {
  for (int i = 0; i < 100000; i++) g.m[i] = std::string(40, 'v');
  for (int t = 0; t < 3; t++)
    std::thread([] {
      for (size_t i = 1;; i = i * 2862933555777941757ull + 3037000493ull) {
        char* p = new char[1 + (i >> 44) % 5000];
        p[0] = 1;
        asm volatile("" ::"r"(p) : "memory");
        delete[] p;
      }
    }).detach();
  usleep(10000);
  return 0;
}
