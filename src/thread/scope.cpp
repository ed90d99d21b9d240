// SPDX-License-Identifier: Apache-2.0
#include <curfew/thread.hpp>

#include "os/futex.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"
#include "thread/joining.hpp"

#include <system_error>

namespace curfew::inline v1 {

thread_scope::~thread_scope() {
  request_stop();
  detail::record* thrower = nullptr;
  const std::exception_ptr first = join_all(thrower);
  if (thrower == nullptr) return;
  detail::tell_hook(*thrower, first);
  detail::release(thrower);
}

void thread_scope::reserve() { records_.reserve(records_.size() + 1); }

void thread_scope::adopt(detail::record* r) noexcept { records_.push_back(r); }

void thread_scope::request_stop() noexcept {
  for (detail::record* r : records_)
    if (r->takes_token) r->stop.request_stop();
}

void thread_scope::join() {
  detail::record* thrower = nullptr;
  const std::exception_ptr first = join_all(thrower);
  if (thrower == nullptr) return;
  detail::release(thrower);
  std::rethrow_exception(first);
}

std::size_t thread_scope::size() const noexcept { return records_.size(); }

std::exception_ptr thread_scope::join_all(detail::record*& thrower) {
  // "First" is by start: it does not depend on who was faster.
  for (detail::record* r : std::exchange(records_, {})) {
    try {
      detail::join_record(*r, detail::os::forever);
    } catch (const std::system_error&) {
      // Frozen, or the calling thread itself: it cannot be waited for, and goes on without its scope.
      detail::drop_handle(*r);
      continue;
    }
    r->handle.store(detail::handle_state::joined);
    if (r->exception && thrower == nullptr)
      detail::retain(*(thrower = r));
    else if (r->exception)
      detail::tell_hook(*r, r->exception);
    detail::drop_handle(*r);
  }
  return thrower != nullptr ? thrower->exception : nullptr;
}

}  // namespace curfew::inline v1
