// SPDX-License-Identifier: Apache-2.0
// When the system gives no thread: the error of std::thread, nothing left in the registry, payload destroyed, and the
// next start works. pthread_create is taken away by a definition of our own.
//! out: thread: resource_unavailable_try_again
//! out: daemon: resource_unavailable_try_again
//! out: jthread: resource_unavailable_try_again
//! out: scope: resource_unavailable_try_again
//! out: payload destroyed 4 times
//! out: next one ran
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <atomic>
#include <cerrno>

#include <dlfcn.h>
#include <pthread.h>

using curfew_test::error_of;

static std::atomic<bool> refuse{false};

extern "C" int pthread_create(pthread_t* t, const pthread_attr_t* a, void* (*f)(void*), void* x) noexcept {
  using function = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_create"));
  return refuse ? EAGAIN : real(t, a, f, x);
}

static int destroyed = 0;

struct payload {
  bool owns = true;
  payload() = default;
  payload(payload&& other) noexcept { other.owns = false; }
  ~payload() {
    if (owns) ++destroyed;
  }
  void operator()() const { std::puts("ran without a thread"); }
};

int main() {
  curfew::thread([] {}).join();
  const auto before = curfew::counts();
  refuse = true;
  std::printf("thread: %s\n", error_of([] { curfew::thread t{payload()}; }));
  std::printf("daemon: %s\n", error_of([] { curfew::thread t({.name = "none", .daemon = true}, payload()); }));
  std::printf("jthread: %s\n", error_of([] { curfew::jthread t{payload()}; }));
  std::printf("scope: %s\n", error_of([] {
                curfew::thread_scope s;
                s.start(payload());
              }));
  std::printf("payload destroyed %d times\n", destroyed);
  const auto after = curfew::counts();
  CHECK(after.live == before.live);
  CHECK(after.daemon == before.daemon);
  CHECK(after.started == before.started);
  CHECK(after.peak == before.peak);
  CHECK(curfew::enumerate().size() == 1);
  CHECK(!curfew::find("none").has_value());
  refuse = false;
  curfew::thread([] { std::puts("next one ran"); }).join();
}
