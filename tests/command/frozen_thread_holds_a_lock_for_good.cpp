// SPDX-License-Identifier: Apache-2.0
// A detached thread that never gives back a lock that a destructor wants. It is thawed, as it might have given the lock
// back; when no thread does anything for three seconds then, the exit ends, long before the limit.
//! under: run --report
//! seconds: 0..8
//! status: 3
//! err~ curfew\[\d+\]: frozen: "holder" \(thread id \d+\), detached
//! err~ curfew\[\d+\]: exit: waited .*
//! err~ curfew\[\d+\]: the exit waits for frozen threads: 1 is thawed
//! err~ curfew\[\d+\]: the exit .* with status 3: .*wanting.* waits for the thread "holder" .*, and nobody .*
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include <pthread.h>

static std::mutex mutex;
static std::atomic<bool> held{false};

struct wanting {
  ~wanting() { const std::lock_guard lock(mutex); }
};
static wanting object;

int main() {
  std::thread([] {
    ::pthread_setname_np(::pthread_self(), "holder");
    const std::lock_guard lock(mutex);
    held.store(true);
    std::this_thread::sleep_for(std::chrono::hours(1));
  }).detach();
  while (!held.load()) std::this_thread::yield();
  return 3;
}
