// SPDX-License-Identifier: Apache-2.0
// When the system gives no thread any more: who waits for room in the queue gets what was taken back, a recycled task
// does not stand behind another, and a shutdown runs what a worker that has ended its thread has left.
//! out: first: resource_unavailable_try_again
//! out: second: resource_unavailable_try_again
//! out: recycled: resource_unavailable_try_again
//! out: left behind, run by the shutdown
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>

using namespace curfew_test;

static std::atomic<bool> none_available{false};
static gate asked, refuse;

extern "C" int pthread_create(pthread_t* made, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
  if (none_available) {
    asked.open();
    refuse.wait();
    return EAGAIN;
  }
  using function = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static auto* const next = reinterpret_cast<function*>(::dlsym(RTLD_NEXT, "pthread_create"));
  return next(made, attributes, run, argument);
}

static void posts_from_two_threads() {
  curfew::thread_pool pool({.workers = 1, .queue_limit = 1});
  gate go;
  const char* second_error = nullptr;
  curfew::thread second([&] {
    go.wait();
    second_error = error_of([&] { pool.post([] {}); });
  });
  const auto let_second_wait = [&] {
    asked.wait();
    go.open();
    CHECK(eventually([&] { return second.info().state == curfew::thread_state::waiting; }));
    refuse.open();
  };
  curfew::thread helper(let_second_wait);
  none_available = true;
  std::printf("first: %s\n", error_of([&] { pool.post([] {}); }));
  const bool back = second.join_for(patient(10s));
  std::printf("second: %s\n", back ? second_error : "waits for ever");
  if (!back) std::fflush(stdout), ::_exit(1);
  helper.join();
  none_available = false;
}

static void recycles_beside_a_busy_worker() {
  gate begun, go;
  auto busy = curfew::recycle([&] {
    begun.open();
    go.wait();
  });
  begun.wait();
  none_available = true;
  std::printf("recycled: %s\n", error_of([&] { curfew::recycle([] {}).wait_for(0s); }));
  none_available = false;
  go.open();
  busy.get();
}

static void shuts_down_behind_a_worker_that_has_gone() {
  curfew::thread_pool pool({.workers = 1});
  gate closing;
  pool.post([&] {
    closing.wait();
    std::this_thread::sleep_for(50ms);
    none_available = true;
    ::pthread_exit(nullptr);
  });
  pool.post([] { std::puts("left behind, run by the shutdown"); });
  closing.open();
  pool.shutdown();
  none_available = false;
}

int main() {
  if (no_pthread_exit != nullptr) skip(no_pthread_exit);
  posts_from_two_threads();
  recycles_beside_a_busy_worker();
  shuts_down_behind_a_worker_that_has_gone();
}
