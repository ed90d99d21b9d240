// SPDX-License-Identifier: Apache-2.0
// A destructor cancels a frozen thread, and sleeps: the thread stays frozen, and its thread_local objects are not
// destroyed beside static ones.
//! under: run
//! status: 0
//! out: destructor done
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <thread>

struct speaking {
  ~speaking() { std::puts("a frozen thread runs on"); }
};
static pthread_t detached;
static std::promise<void> runs;

struct cancels {
  ~cancels() {
    ::pthread_cancel(detached);
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    std::puts("destructor done");
  }
};
static cancels last;

int main() {
  std::thread([] {
    thread_local speaking object;
    detached = ::pthread_self();
    runs.set_value();
    asm volatile("" : : "r"(&object));
    std::this_thread::sleep_for(std::chrono::hours(1));
  }).detach();
  runs.get_future().wait();
}
