// SPDX-License-Identifier: Apache-2.0
// SIGTERM handler calls exit() (coturn#1633 ...) while worker threads use globals, and while the interrupted thread may
// hold malloc's lock.
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
static std::map<int, std::string> m;
int main() {
  for (int i = 0; i < 5000; i++) m[i] = std::string(40, 'v');
  signal(SIGTERM, [](int) { exit(0); });
  std::thread([] {
    usleep(5000);
    kill(getpid(), SIGTERM);
    pause();
  }).detach();
  unsigned s = 1;
  for (;;) {
    s = s * 1664525u + 1013904223u;
    m[s % 5000] = std::string(40 + s % 400, 'w');
  }
}
