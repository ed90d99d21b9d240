// SPDX-License-Identifier: Apache-2.0
// The C library destroys a barrier when every waiter has left it, and a frozen one never does.
//! seconds: 0..8
//! status: 3
//! out: main ended
//! out: destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <pthread.h>

static curfew_test::gate waits;

struct shared_barrier {
  pthread_barrier_t barrier{};
  shared_barrier() { pthread_barrier_init(&barrier, nullptr, 3); }
  shared_barrier(const shared_barrier&) = delete;
  shared_barrier& operator=(const shared_barrier&) = delete;
  ~shared_barrier() {
    pthread_barrier_destroy(&barrier);
    std::puts("destroyed");
  }
};
static shared_barrier all;

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer keeps the signal to itself while a thread waits at a barrier");
  curfew::set_exit_options({.destructor_limit = std::chrono::minutes(5)});
  curfew::thread({.daemon = true}, [] {
    waits.open();
    pthread_barrier_wait(&all.barrier);
  }).detach();
  waits.wait();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::puts("main ended");
  return 3;
}
