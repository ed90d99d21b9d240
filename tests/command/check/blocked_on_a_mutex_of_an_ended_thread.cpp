// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked table_lock
//! says "had when it ended"
// A thread has ended with a lock, and a destructor wants it.
#include <mutex>
#include <thread>

static std::mutex table_lock;
struct table {
  ~table() { const std::lock_guard hold(table_lock); }
};
static table only;

int main() {
  std::thread([] { table_lock.lock(); }).join();
}
