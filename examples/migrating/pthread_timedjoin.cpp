// SPDX-License-Identifier: Apache-2.0
// pthread_timedjoin_np: a join with a limit.
//! case: before
//! args: before
//! out: not yet
//! out: joined
//! case: after
//! args: after
//! out: not yet
//! out: joined
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string_view>

#include <pthread.h>

static curfew::event may_end;

namespace before {
static void* work(void*) {
  may_end.wait();
  return nullptr;
}

static int run() {
  pthread_t worker{};
  pthread_create(&worker, nullptr, work, nullptr);
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);  // a clock that may be set meanwhile
  at.tv_nsec += 50'000'000;
  if (at.tv_nsec >= 1'000'000'000) at.tv_nsec -= 1'000'000'000, ++at.tv_sec;
  if (pthread_timedjoin_np(worker, nullptr, &at) == ETIMEDOUT) std::puts("not yet");
  may_end.set();
  pthread_join(worker, nullptr);
  std::puts("joined");
  return 0;
}
}  // namespace before

namespace after {
static int run() {
  curfew::thread worker([] { may_end.wait(); });
  if (!worker.join_for(std::chrono::milliseconds(50))) std::puts("not yet");
  may_end.set();
  worker.join();
  std::puts("joined");
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
