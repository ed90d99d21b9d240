// SPDX-License-Identifier: Apache-2.0
// static object's destructor joins a worker that is blocked in read() and never looks at its stop flag => exit hangs.
#include <unistd.h>
#include <atomic>
#include <thread>
struct Pool {
  std::atomic<bool> stop{false};
  int p[2];
  std::thread t;
  Pool() {
    (void)!pipe(p);
    t = std::thread([this] {
      char c;
      while (!stop && read(p[0], &c, 1) >= 0)
        ;
    });
  }
  ~Pool() {
    stop = true;
    t.join();
  }
};
static Pool pool;
int main() {
  usleep(5000);
  return 0;
}
