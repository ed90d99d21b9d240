// SPDX-License-Identifier: Apache-2.0
// The thread that calls timers is lost, and the system gives no other: the exiting thread calls what is left.
//! seconds: 0..8
//! out: ended its thread
//! out: called by the main thread
//! out: static destroyed
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <cerrno>

#include <dlfcn.h>
#include <pthread.h>

using namespace std::chrono_literals;

static std::atomic<bool> refuse{false};

extern "C" int pthread_create(pthread_t* t, const pthread_attr_t* a, void* (*f)(void*), void* x) noexcept {
  using function = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_create"));
  return refuse ? EAGAIN : real(t, a, f, x);
}

static curfew_test::speaking last("static destroyed");

int main() {
  if (curfew_test::no_pthread_exit != nullptr) curfew_test::skip(curfew_test::no_pthread_exit);
  static curfew_test::gate both_are_there;
  curfew::timer ends(0s, [] {
    both_are_there.wait();
    refuse = true;
    ::pthread_exit(nullptr);
  });
  const curfew::timer once(200ms, [] {
    const bool main = curfew::current().number == 0;
    std::puts(main ? "called by the main thread" : "called by another thread");
  });
  both_are_there.open();
  CHECK(ends.join());
  CHECK(curfew_test::eventually([] { return !curfew::find("timers"); }));
  CHECK(once.is_alive());
  std::puts("ended its thread");
}
