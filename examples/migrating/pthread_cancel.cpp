// SPDX-License-Identifier: Apache-2.0
// pthread_cancel: a stop request ends a wait and nothing else, so no destructor or lock is unwound through by surprise.
//! case: before
//! args: before
//! out: worker: cleaned up
//! case: after
//! args: after
//! out: worker: cleaned up
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <cstdio>
#include <string_view>

#include <pthread.h>
#include <unistd.h>

struct cleanup {
  ~cleanup() { std::puts("worker: cleaned up"); }
};

namespace before {
static pthread_barrier_t begun;

static void* work(void*) {
  const cleanup at_the_end;
  pthread_barrier_wait(&begun);
  for (;;) pause();  // a cancellation point: the thread is unwound from here
}

static int run() {
  pthread_barrier_init(&begun, nullptr, 2);
  pthread_t worker{};
  pthread_create(&worker, nullptr, work, nullptr);
  pthread_barrier_wait(&begun);
  pthread_cancel(worker);
  pthread_join(worker, nullptr);
  return 0;
}
}  // namespace before

namespace after {
static curfew::blocking_queue<int> jobs;

static void work(std::stop_token) {
  const cleanup at_the_end;
  while (jobs.pop()) {  // gives nothing when this thread is asked to stop
  }
}

static int run() {
  curfew::thread worker(work);
  worker.request_stop();
  worker.join();
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
