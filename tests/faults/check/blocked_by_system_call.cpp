// SPDX-License-Identifier: Apache-2.0
// Sound: as blocked_signals, but the worker blocks every signal by the system call. Right: no error, status 4, as
// plain.
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <map>
#include <thread>

static std::map<int, long> data;
static std::atomic<bool> stop{false};

struct worker {
  std::thread thread;
  ~worker() {
    stop = true;
    thread.join();
  }
};
static worker instance;

int main() {
  for (int i = 0; i < 200; ++i) data[i] = 0;
  instance.thread = std::thread([] {
    const std::uint64_t all = ~std::uint64_t{0};
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, nullptr, sizeof all);
    while (!stop) ++data[1];
    for (int i = 0; i < 200; ++i) {
      ++data[i];
      usleep(50);
    }
  });
  usleep(20000);
  std::printf("main over\n");
  return 4;
}
