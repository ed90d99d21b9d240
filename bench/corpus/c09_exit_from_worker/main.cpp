// SPDX-License-Identifier: Apache-2.0
// exit() called by a worker while main keeps using globals (objeck#877, rocksdb PR#14850, NuRaft/memgraph#3904).
#include <unistd.h>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
static std::map<int, std::string> m;
int main() {
  for (int i = 0; i < 20000; i++) m[i] = std::string(40, 'v');
  std::thread([] {
    usleep(3000);
    exit(0);
  }).detach();
  unsigned s = 1;
  for (;;) {
    s = s * 1664525u + 1013904223u;
    int k = (s >> 8) % 20000;
    if (s & 0x40)
      m.erase(k);
    else
      m[k] = std::string(30 + k % 40, 'w');
  }
}
