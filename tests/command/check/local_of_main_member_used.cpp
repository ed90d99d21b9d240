// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used cache
// A joinable thread, kept in a static, works on a map that is a local variable of main: what it reaches first is the
// map itself, not its memory on the heap.
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

static std::unique_ptr<std::thread> worker;

static void work(std::map<int, int>& map, std::mutex& lock) {
  for (int i = 0;; ++i) {
    {
      const std::lock_guard hold(lock);
      map[i % 100] = i;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

int main() {
  struct {
    std::mutex lock;
    std::map<int, int> map;
  } cache;
  worker.reset(new std::thread(work, std::ref(cache.map), std::ref(cache.lock)));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  static_cast<void>(worker.release());
}
