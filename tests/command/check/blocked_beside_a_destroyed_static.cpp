// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked table_lock
//! not lock-held-at-exit
// A destructor wants a mutex that a sleeping thread holds, and that lies beside a static that is destroyed already.
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>

static std::mutex table_lock;
struct table {
  ~table() { const std::lock_guard hold(table_lock); }
};
static table only;
static std::string banner = "long enough to lie on the heap, and destroyed before the lock is asked for";

int main() {
  std::thread([] {
    const std::lock_guard hold(table_lock);
    for (;;) ::pause();
  }).detach();
  ::usleep(20000);
  return banner.empty() ? 1 : 0;
}
