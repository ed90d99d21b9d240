// SPDX-License-Identifier: Apache-2.0
// Threads that curfew did not start: seen being made and detached, for foreign_threads::freeze.
#include "exit/foreign.hpp"
#include "lock_tracking/next.hpp"
#include "os/freeze.hpp"
#include "os/pthreads.hpp"

#include <pthread.h>

#include <memory>
#include <new>

/// What the linker is told to look for, so that these objects are linked (see the link options of the target).
extern "C" {
[[gnu::visibility("default")]] extern const int curfew_lock_tracking;
const int curfew_lock_tracking = 1;
}

// An archive gives up only objects that somebody refers to, and libraries that lock refer to the C library's symbols,
// not to ours: so this object, which the linker is told to look for, refers to the others.
extern "C" {
extern const char curfew_lock_tracking_locks;
extern const char curfew_lock_tracking_conditions;
extern const char curfew_lock_tracking_guards;
}
[[gnu::used]] static const char* const all_objects[] = {&curfew_lock_tracking_locks, &curfew_lock_tracking_conditions,
                                                        &curfew_lock_tracking_guards};

// The section of CURFEW_TRACKED; the linker makes these names.
extern "C" const char __start_curfew_locks[];
extern "C" const char __stop_curfew_locks[];

namespace {

using namespace curfew::detail;

using thread_function = void* (*)(void*);

struct start {
  thread_function function;
  void* argument;
  foreign_thread* thread;
};

/// Also after pthread_exit and pthread_cancel, which unwind.
struct over {
  foreign_thread& thread;
  ~over() { foreign_thread_is_over(thread); }
};

void* run(void* argument) {
  const std::unique_ptr<start> given(static_cast<start*>(argument));
  const start s = *given;
  foreign_thread_begins(*s.thread);
  const over at_end{*s.thread};
  return s.function(s.argument);
}

bool is_detached(const pthread_attr_t* attributes) noexcept {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) ::pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

[[gnu::constructor(101)]] void begin() { os::add_busy_code(__start_curfew_locks, __stop_curfew_locks); }

constinit next_function<int(pthread_t*, const pthread_attr_t*, thread_function, void*)> next_pthread_create(
    "pthread_create");
constinit next_function<int(pthread_t)> next_pthread_detach("pthread_detach");

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() {
  next_pthread_create.get();
  next_pthread_detach.get();
}

}  // namespace

extern "C" {

CURFEW_TRACKED int pthread_create(pthread_t* made, const pthread_attr_t* attributes, thread_function function,
                                  void* argument) noexcept {
  if (os::making_own_thread) return next_pthread_create.get()(made, attributes, function, argument);
  foreign_thread* const thread = add_foreign_thread(is_detached(attributes));
  std::unique_ptr<start> given(thread != nullptr ? new (std::nothrow) start{function, argument, thread} : nullptr);
  if (given == nullptr) return next_pthread_create.get()(made, attributes, function, argument);  // unseen, but it runs
  const int error = next_pthread_create.get()(made, attributes, &run, given.get());
  if (error != 0) {
    take_back_foreign_thread(*thread);
    return error;
  }
  (void)given.release();
  foreign_thread_made(*thread, *made);
  return 0;
}

CURFEW_TRACKED int pthread_detach(pthread_t thread) noexcept {
  foreign_thread_detached(thread);
  return next_pthread_detach.get()(thread);
}

}  // extern "C"
