// SPDX-License-Identifier: Apache-2.0
#include <curfew/thread.hpp>

#include "os/futex.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"
#include "thread/joining.hpp"

#include <system_error>
#include <utility>

namespace curfew::inline v1 {
namespace {

/// So many that have ended are of no account.
constexpr std::size_t few = 16;

}  // namespace

thread_scope::~thread_scope() {
  for (detail::record* r : records_)
    if (r->takes_token) r->stop.request_stop();
  detail::record* thrower = nullptr;
  const std::exception_ptr first = join_all(thrower);
  if (thrower == nullptr) return;
  detail::tell_hook(*thrower, first);
  detail::release(thrower);
}

void thread_scope::reserve() {
  if (records_.size() >= look_at_) forget_ended();
  if (records_.size() == records_.capacity()) records_.reserve(2 * records_.size() + few);
}

void thread_scope::adopt(detail::record* r) noexcept { records_.push_back(r); }

/// Looks through the list when it has grown to twice what was left the last time: each start pays a fixed part of that.
void thread_scope::forget_ended() noexcept {
  const detail::record* first_to_throw = nullptr;
  detail::record* to_tell = nullptr;  // afterwards: the hook is the user's, and may use this scope
  std::erase_if(records_, [&](detail::record* r) {
    if (!detail::try_reap(*r)) return false;
    if (r->exception && first_to_throw == nullptr) {
      first_to_throw = r;  // for the join
      return false;
    }
    ++forgotten_;
    r->handle.store(detail::handle_state::joined);
    if (r->exception)
      r->next = std::exchange(to_tell, r);  // in no list any more
    else
      detail::drop_handle(*r);
    return true;
  });
  look_at_ = 2 * records_.size() + few;
  while (detail::record* const r = to_tell) {
    to_tell = std::exchange(r->next, nullptr);
    detail::tell_hook(*r, r->exception);
    detail::drop_handle(*r);
  }
}

void thread_scope::request_stop() noexcept {
  for (detail::record* r : records_) r->stop.request_stop();
}

void thread_scope::join() {
  detail::record* thrower = nullptr;
  const std::exception_ptr first = join_all(thrower);
  if (thrower == nullptr) return;
  detail::release(thrower);
  std::rethrow_exception(first);
}

std::size_t thread_scope::size() const noexcept { return forgotten_ + records_.size(); }

std::exception_ptr thread_scope::join_all(detail::record*& thrower) {
  // "First" is by start: it does not depend on who was faster.
  forgotten_ = look_at_ = 0;
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
