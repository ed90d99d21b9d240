// SPDX-License-Identifier: Apache-2.0
// Threads that curfew did not start: seen being made and detached, for foreign_threads::freeze.
#include "exit/foreign.hpp"
#include "lock_tracking/next.hpp"
#include "os/freeze.hpp"
#include "os/pthreads.hpp"

#include <pthread.h>
#include <threads.h>

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
extern const char curfew_lock_tracking_long_calls;
extern const char curfew_lock_tracking_signal_stacks;
}
[[gnu::used]] static const char* const all_objects[] = {&curfew_lock_tracking_locks, &curfew_lock_tracking_conditions,
                                                        &curfew_lock_tracking_guards, &curfew_lock_tracking_long_calls,
                                                        &curfew_lock_tracking_signal_stacks};

// The section of CURFEW_TRACKED; the linker makes these names.
extern "C" const char __start_curfew_locks[];
extern "C" const char __stop_curfew_locks[];

namespace {

using namespace curfew::detail;

using thread_function = void* (*)(void*);
using c11_function = int (*)(void*);

/// The last that a thread does: after its thread_local destructors, also after pthread_exit and pthread_cancel.
void is_over(void* value);

pthread_key_t end_key() noexcept {
  static const pthread_key_t key = [] {
    pthread_key_t made{};
    return ::pthread_key_create(&made, &is_over) == 0 ? made : ~pthread_key_t{0};
  }();
  return key;
}

/// The destructors of other keys run in the same turn, perhaps after this one; so ours takes the last turn.
void is_over(void* value) {
  auto& thread = *static_cast<foreign_thread*>(value);
  if (++thread.rounds_over < os::last_turn_of_keys && ::pthread_setspecific(end_key(), value) == 0) return;
  foreign_thread_is_over(thread);
}

/// No object here has a destructor: what unwinds a cancelled thread would need this library's own runtime for it. And
/// nothing is allocated or freed: a thread that does not use the allocator is not to get an arena of its own.
template <class Result, class Function>
Result run(void* argument) {
  auto& thread = *static_cast<foreign_thread*>(argument);
  foreign_thread_begins(thread);
  ::pthread_setspecific(end_key(), &thread);
  return reinterpret_cast<Function>(thread.function)(thread.argument);
}

bool is_detached(const pthread_attr_t* attributes) noexcept {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) ::pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

/// Makes a thread that is known, with `make(run, argument)`; unknown where there is no memory for it.
template <class Result, class Function, class Make>
int make_known(bool detached, Function function, void* argument, const pthread_t* made, Make make) noexcept {
  foreign_thread* const thread = add_foreign_thread(detached);
  if (thread == nullptr) return make(function, argument);
  thread->function = reinterpret_cast<void (*)()>(function);
  thread->argument = argument;
  const unsigned use = thread->use;
  const int error = make(&run<Result, Function>, thread);
  if (error != 0)
    take_back_foreign_thread(*thread);
  else
    foreign_thread_made(*thread, use, *made);
  return error;
}

[[gnu::constructor(101)]] void begin() { os::add_code_in_front(__start_curfew_locks, __stop_curfew_locks); }

constinit next_function<int(pthread_t*, const pthread_attr_t*, thread_function, void*)> next_pthread_create(
    "pthread_create");
constinit next_function<int(pthread_t)> next_pthread_detach("pthread_detach");
constinit next_function<int(thrd_t*, c11_function, void*)> next_thrd_create("thrd_create");
constinit next_function<int(thrd_t)> next_thrd_detach("thrd_detach");

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() {
  next_pthread_create.get();
  next_pthread_detach.get();
  next_thrd_create.get();
  next_thrd_detach.get();
}

}  // namespace

extern "C" {

CURFEW_TRACKED int pthread_create(pthread_t* made, const pthread_attr_t* attributes, thread_function function,
                                  void* argument) noexcept {
  auto* const next = next_pthread_create.get();
  if (os::making_own_thread) return next(made, attributes, function, argument);
  return make_known<void*>(is_detached(attributes), function, argument, made,
                           [=](thread_function f, void* a) { return next(made, attributes, f, a); });
}

CURFEW_TRACKED int pthread_detach(pthread_t thread) noexcept {
  foreign_thread_detached(thread);
  return next_pthread_detach.get()(thread);
}

CURFEW_TRACKED int thrd_create(thrd_t* made, c11_function function, void* argument) {
  auto* const next = next_thrd_create.get();
  return make_known<int>(false, function, argument, made, [=](c11_function f, void* a) { return next(made, f, a); });
}

CURFEW_TRACKED int thrd_detach(thrd_t thread) {
  foreign_thread_detached(thread);
  return next_thrd_detach.get()(thread);
}

}  // extern "C"
