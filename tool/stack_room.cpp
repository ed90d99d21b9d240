// SPDX-License-Identifier: Apache-2.0
#include "stack_room.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <cstddef>
#include <exception>

namespace curfew::tool {

void with_stack_room(const std::function<void()>& call) {
  constexpr std::size_t usual = std::size_t{8} << 20, enough = usual / 4;
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= enough) return call();
  struct {
    const std::function<void()>& call;
    std::exception_ptr thrown;
  } what{call, nullptr};
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, usual);
  // Signals are for the thread that passes them on.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread{};
  const int error = ::pthread_create(
      &thread, &attributes,
      [](void* given) -> void* {
        auto& one = *static_cast<decltype(what)*>(given);
        try {
          one.call();
        } catch (...) {
          one.thrown = std::current_exception();
        }
        return nullptr;
      },
      &what);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_attr_destroy(&attributes);
  if (error != 0) return call();
  ::pthread_join(thread, nullptr);
  if (what.thrown) std::rethrow_exception(what.thrown);
}

}  // namespace curfew::tool
