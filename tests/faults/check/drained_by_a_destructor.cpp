// SPDX-License-Identifier: Apache-2.0
// Sound: a detached thread still works when the exit begins, and a destructor waits until it is done. Right: nothing is
// found, although the thread ran when the exit began and ended during it.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

struct logger {
  std::mutex mutex;
  std::condition_variable changed;
  bool stop = false, done = false;

  void start() {
    std::thread([this] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stop; });
      std::puts("last line");
      done = true;
      changed.notify_all();
    }).detach();
  }
  ~logger() {
    std::unique_lock lock(mutex);
    stop = true;
    changed.notify_all();
    changed.wait(lock, [this] { return done; });
    // The thread is still on its way out of the lock.
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
};

int main() {
  static logger one;
  one.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}
