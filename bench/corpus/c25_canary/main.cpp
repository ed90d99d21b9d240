// SPDX-License-Identifier: Apache-2.0
// Deterministic detector: a static object marks itself destroyed, then its destructor sleeps 5 ms (e.g. saves state); a
// detached thread that still runs sees it and says so (cpp-httplib#2097, yhirose's reduced program).
#include <unistd.h>
#include <atomic>
#include <thread>
static std::atomic<int> alive{1};
struct Service {
  ~Service() {
    alive = 0;
    usleep(5000);
  }
};
static Service svc;
int main() {
  std::thread([] {
    for (;;)
      if (!alive) {
        (void)!write(2, "USED-AFTER-DESTROY\n", 19);
        for (;;) pause();
      }
  }).detach();
  usleep(3000);
  return 0;
}
