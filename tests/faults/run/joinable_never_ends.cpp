// SPDX-License-Identifier: Apache-2.0
// A destructor joins a thread that never ends: plain, the process hangs for ever. Right: status 7, what was printed is
// written, and it is over three seconds after the last thread has done anything, not after ten.
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>

#include <unistd.h>

static const char* kind = "";
static std::mutex mutex;
static std::condition_variable never;

struct owner {
  std::thread thread;
  ~owner() { thread.join(); }
};
static owner object;

int main(int, char** argv) {
  kind = argv[1];
  object.thread = std::thread([] {
    if (std::strcmp(kind, "pause") == 0)
      for (;;) pause();
    if (std::strcmp(kind, "sleep") == 0)
      for (;;) sleep(1000);
    std::unique_lock lock(mutex);
    for (;;) never.wait(lock);
  });
  if (argv[2] != nullptr) std::thread([] { pause(); }).detach();
  std::printf("buffered\n");
  return 7;
}
