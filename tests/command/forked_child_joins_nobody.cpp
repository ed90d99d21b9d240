// SPDX-License-Identifier: Apache-2.0
// A forked child whose statics join a thread that did not come along, and destroy the condition variable that it waits
// on: plain, it hangs.
//! under: run
//! out: joined
//! out: child: 5
//! out: joined
//! status: 6
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

struct worker {
  std::mutex mutex;
  std::condition_variable condition;
  bool stop = false;
  std::thread thread{[this] {
    std::unique_lock lock(mutex);
    condition.wait(lock, [this] { return stop; });
  }};
  ~worker() {
    {
      const std::lock_guard lock(mutex);
      stop = true;
    }
    condition.notify_all();
    thread.join();
    std::puts("joined");
  }
};
static worker object;

int main() {
  ::usleep(20'000);  // let it get into its wait
  const pid_t child = ::fork();
  if (child == 0) std::exit(5);
  int status = 0;
  ::waitpid(child, &status, 0);
  std::printf("child: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  std::fflush(stdout);
  std::exit(6);
}
