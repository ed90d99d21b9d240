// SPDX-License-Identifier: Apache-2.0
// Whether a thread that reads the clock is inside the C library its call stack says, and the unwinder has locks of its
// own: the thread is not frozen at their unlock, before the question is answered.
//! repeat: 5
//! out: nobody stands in the unwinder
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <dlfcn.h>
#include <pthread.h>
#include <unwind.h>

#include <atomic>
#include <chrono>
#include <cstdlib>

using backtrace = _Unwind_Reason_Code (*)(_Unwind_Trace_Fn, void*);
static const auto next = reinterpret_cast<backtrace>(::dlsym(RTLD_NEXT, "_Unwind_Backtrace"));
static std::atomic<int> walking{0};

extern "C" _Unwind_Reason_Code _Unwind_Backtrace(_Unwind_Trace_Fn each, void* argument) {
  pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
  ++walking;
  pthread_mutex_lock(&own);
  pthread_mutex_unlock(&own);
  --walking;
  return next(each, argument);
}

struct looks_on {
  ~looks_on() { std::puts(walking == 0 ? "nobody stands in the unwinder" : "a thread stands in the unwinder"); }
};
static looks_on last;

static std::atomic<long> turns{0};

int main() {
  if (next == nullptr) curfew_test::skip("the unwinder is linked statically");
  for (int i = 0; i < 20; ++i)
    curfew::thread({.daemon = true}, [] {
      for (;; ++turns) {
        void* volatile block = std::malloc(3000);
        std::free(block);
        for (int times = 0; times < 4; ++times) (void)std::chrono::steady_clock::now();
      }
    });
  CHECK(curfew_test::eventually([] { return turns > 1000; }));
}
