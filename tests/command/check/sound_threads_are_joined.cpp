// SPDX-License-Identifier: Apache-2.0
//! nothing
// Statics that end their threads, with a condition variable and its users on one page with statics that are gone by
// then, and a thread that writes from a static buffer.
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

static char buffer[64] = "";
static std::mutex lock;
static std::condition_variable changed;
static bool stop = false;

struct owner {
  std::thread thread;
  ~owner() {
    {
      const std::lock_guard hold(lock);
      stop = true;
    }
    changed.notify_all();
    thread.join();
  }
};
static owner oldest;
static std::string younger(100, 'y');

int main() {
  oldest.thread = std::thread([] {
    std::unique_lock hold(lock);
    while (!stop) {
      changed.wait_for(hold, std::chrono::milliseconds(1));
      if (::write(1, buffer, 0) != 0) ::_exit(3);
    }
  });
  ::usleep(5000);
}
