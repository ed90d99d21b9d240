// SPDX-License-Identifier: Apache-2.0
#include <curfew/thread.hpp>

#include "exit/request.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "registry/registry.hpp"
#include "thread/names.hpp"

#include <pthread.h>

namespace curfew::inline v1 {
namespace {

/// The main thread's stop state is made when it first asks for it, which may be after request_exit has asked everybody.
std::stop_token own_token() {
  detail::record& self = detail::own_record();
  if (self.kind == thread_kind::main && !self.stop.stop_possible()) {
    {
      std::stop_source made;
      const detail::lock_registry lock;
      self.stop.swap(made);
    }
    if (detail::everybody_was_asked()) self.stop.request_stop();
  }
  return self.stop.get_token();
}

}  // namespace

namespace detail {

bool sleep_until_steady(steady_time deadline) {
  initialise();
  ::pthread_testcancel();  // also when there is nothing to sleep for: a thread that has been asked to stop, in a loop
  const waiting inside;
  const std::stop_token token = own_token();
  os::futex_word asked{0};
  const std::stop_callback wake(token, [&] {
    asked.store(1);
    os::futex_wake(asked);
  });
  while (asked.load() == 0 && os::now_steady() < deadline) os::futex_wait_cancellable(asked, 0, deadline);
  return asked.load() == 0;
}

}  // namespace detail

namespace this_thread {

std::stop_token get_stop_token() {
  detail::initialise();
  return own_token();
}

bool stop_requested() noexcept {
  const detail::record* const self = detail::own_record_if_known();
  return self != nullptr && self->stop.stop_requested();
}

std::string name() { return detail::name_of(detail::own_record()); }

void set_name(std::string_view name) { detail::rename(detail::own_record(), name); }

bool is_daemon() noexcept { return detail::inherited_daemon(); }

thread_info info() { return current(); }

}  // namespace this_thread

}  // namespace curfew::inline v1
