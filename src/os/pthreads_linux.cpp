// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/errno_keeper.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"

#include <limits.h>
#include <signal.h>
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace curfew::inline v1::detail::os {

constinit thread_local bool making_own_thread = false;

namespace {

pthread_key_t end_key;

constexpr std::size_t helper_stack = std::size_t{256} * 1024;

int make(pthread_t* made, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) noexcept {
  making_own_thread = true;
  const int error = ::pthread_create(made, attributes, run, argument);
  making_own_thread = false;
  return error;
}

/// The attributes' initialiser and its end, so that no way out forgets one.
class attributes {
 public:
  attributes() noexcept { ::pthread_attr_init(&value_); }
  ~attributes() { ::pthread_attr_destroy(&value_); }
  attributes(const attributes&) = delete;
  attributes& operator=(const attributes&) = delete;
  pthread_attr_t* get() noexcept { return &value_; }

 private:
  pthread_attr_t value_;
};

}  // namespace

int make_thread(pthread_t* made, std::size_t stack_size, void* (*run)(void*), void* argument) noexcept {
  if (stack_size == 0) return make(made, nullptr, run, argument);
  attributes with;
  if (const int error = ::pthread_attr_setstacksize(with.get(), stack_size)) return error;
  // A size that is too small was refused above; here it is more than there is.
  const int error = make(made, with.get(), run, argument);
  return error == EINVAL ? EAGAIN : error;
}

bool make_helper(void* (*run)(void*), void* argument) noexcept {
  const errno_keeper keep;
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  attributes with;
  ::pthread_attr_setdetachstate(with.get(), PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(with.get(), helper_stack);
  pthread_t made;
  int error = make(&made, with.get(), run, argument);
  if (error == EINVAL) {  // a program with much static thread-local storage
    attributes big;
    ::pthread_attr_setdetachstate(big.get(), PTHREAD_CREATE_DETACHED);
    error = make(&made, big.get(), run, argument);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error == 0;
}

bool is_known_to_be_alone() noexcept {
#if __has_include(<sys/single_threaded.h>)
  return __libc_single_threaded != 0;
#else
  return false;
#endif
}

bool try_join(pthread_t thread) noexcept { return ::pthread_tryjoin_np(thread, nullptr) == 0; }

bool is_detached(pthread_t thread) noexcept {
  pthread_attr_t of_it;
  if (::pthread_getattr_np(thread, &of_it) != 0) return false;
  int state = PTHREAD_CREATE_JOINABLE;
  ::pthread_attr_getdetachstate(&of_it, &state);
  ::pthread_attr_destroy(&of_it);
  return state == PTHREAD_CREATE_DETACHED;
}

int forbid_cancelling() noexcept {
  int before = PTHREAD_CANCEL_ENABLE;
  ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  return before;
}

void let_be_cancelled(int before) { ::pthread_setcancelstate(before, nullptr); }

void on_end_of_thread(void (*ends)(void*)) noexcept {
  // One of 1024 keys, at start-up. Without it nothing that is said about threads would be true.
  if (::pthread_key_create(&end_key, ends) != 0) std::abort();
}

void set_end_value(void* value) noexcept { ::pthread_setspecific(end_key, value); }

}  // namespace curfew::inline v1::detail::os

#endif
