// SPDX-License-Identifier: Apache-2.0
// std::notify_all_at_thread_exit: wait until a thread has ended, with its thread_local objects. A join does that.
//! case: before
//! args: before
//! out: its thread_local object is gone
//! case: after
//! args: after
//! out: its thread_local object is gone
#include <curfew/thread.hpp>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <thread>

static bool gone = false;
struct cache {
  ~cache() { gone = true; }
  int entries = 0;
};
static thread_local cache cached;

namespace before {
static std::mutex mutex;
static std::condition_variable ended;
static bool over = false;

static int run() {
  std::thread([] {
    cached.entries = 1;
    std::unique_lock lock(mutex);
    over = true;
    std::notify_all_at_thread_exit(ended, std::move(lock));
  }).detach();
  std::unique_lock lock(mutex);
  ended.wait(lock, [] { return over; });
  if (gone) std::puts("its thread_local object is gone");
  return 0;
}
}  // namespace before

namespace after {
static int run() {
  curfew::thread worker([] { cached.entries = 1; });
  worker.join();  // left out, the end of the program waits in the same way
  if (gone) std::puts("its thread_local object is gone");
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
