// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked table_lock
//! not lock-held-at-exit
// A destructor wants a mutex that a sleeping thread holds.
#include <unistd.h>

#include <mutex>
#include <thread>

static std::mutex table_lock;
struct table {
  ~table() { const std::lock_guard hold(table_lock); }
};
static table only;

int main() {
  std::thread([] {
    const std::lock_guard hold(table_lock);
    for (;;) ::pause();
  }).detach();
  ::usleep(20000);
}
