// SPDX-License-Identifier: Apache-2.0
// When the system gives no thread: submit says so and leaves nothing behind; and what was queued is run by the exiting
// thread itself.
//! out: resource_unavailable_try_again
//! out: not run: true
//! out: queued behind an abandon task
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>

using namespace curfew_test;

static std::atomic<bool> none_available{false};

extern "C" int pthread_create(pthread_t* made, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
  if (none_available) return EAGAIN;
  using function = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static auto* const next = reinterpret_cast<function*>(::dlsym(RTLD_NEXT, "pthread_create"));
  return next(made, attributes, run, argument);
}

int main() {
  none_available = true;
  {
    curfew::thread_pool pool({.workers = 1});
    bool ran = false;
    say(error_of([&] { pool.post([&] { ran = true; }); }));
    none_available = false;
    pool.submit([] {}).get();
    std::printf("not run: %s\n", ran ? "false" : "true");
  }
  static curfew::thread_pool pool({.workers = 1});
  static gate begun;
  static std::atomic<bool> waited{false};
  pool.post(curfew::at_exit::abandon, [] {
    begun.open();
    // It ends when the end waits for it no more: nobody has to be frozen, for which a thread would be needed.
    while (!waited) std::this_thread::sleep_for(1ms);
  });
  begun.wait();
  pool.post([] { say("queued behind an abandon task"); });
  curfew::after_wait("the worker ends", [] {
    waited = true;
    while (pool.counts().workers != 0) std::this_thread::sleep_for(1ms);
  });
  none_available = true;
  return 0;
}
