// SPDX-License-Identifier: Apache-2.0
// A destructor cancels a frozen thread and waits for its end: the thread is thawed for that, goes on with the call that
// it slept in, is cancelled there, and is unwound through the handler that froze it.
//! under: run
//! status: 0
//! out: joined
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <thread>

static pthread_t detached;
static std::promise<void> runs;

struct cancels {
  ~cancels() {
    ::pthread_cancel(detached);
    ended.get_future().wait();
    std::puts("joined");
  }
  std::promise<void> ended;
};
static cancels last;

struct tells {
  ~tells() { last.ended.set_value(); }
};

int main() {
  std::thread([] {
    const tells when_unwound;
    detached = ::pthread_self();
    runs.set_value();
    std::this_thread::sleep_for(std::chrono::hours(1));
  }).detach();
  runs.get_future().wait();
}
