// SPDX-License-Identifier: Apache-2.0
#include <curfew/thread.hpp>

#include "os/futex.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"
#include "thread/joining.hpp"

#include <system_error>
#include <utility>
#include <vector>

namespace curfew::inline v1 {
namespace {

/// So many that have ended are of no account.
constexpr std::size_t few = 16;

}  // namespace

namespace detail {

struct scope_threads {
  std::vector<record*> records;  ///< in the order of starting
  std::size_t forgotten = 0;
  std::size_t look_at = 0;  ///< when it has so many
};

}  // namespace detail

thread_scope::~thread_scope() {
  if (threads_ == nullptr) return;
  for (detail::record* r : threads_->records)
    if (r->takes_token) r->stop.request_stop();
  detail::record* thrower = nullptr;
  const std::exception_ptr first = join_all(thrower);
  if (thrower != nullptr) {
    detail::tell_hook(*thrower, first);
    detail::release(thrower);
  }
  delete threads_;
}

void thread_scope::reserve() {
  if (threads_ == nullptr) threads_ = new detail::scope_threads;
  auto& records = threads_->records;
  if (records.size() >= threads_->look_at) forget_ended();
  if (records.size() == records.capacity()) records.reserve(2 * records.size() + few);
}

void thread_scope::adopt(detail::record* r) noexcept { threads_->records.push_back(r); }

/// Looks through the list when it has grown to twice what was left the last time: each start pays a fixed part of that.
void thread_scope::forget_ended() noexcept {
  const detail::record* first_to_throw = nullptr;
  detail::record* to_tell = nullptr;  // afterwards: the hook is the user's, and may use this scope
  std::erase_if(threads_->records, [&](detail::record* r) {
    if (!detail::try_reap(*r)) return false;
    if (r->exception && first_to_throw == nullptr) {
      first_to_throw = r;  // for the join
      return false;
    }
    ++threads_->forgotten;
    r->handle.store(detail::handle_state::joined);
    if (r->exception)
      r->next = std::exchange(to_tell, r);  // in no list any more
    else
      detail::drop_handle(*r);
    return true;
  });
  threads_->look_at = 2 * threads_->records.size() + few;
  while (detail::record* const r = to_tell) {
    to_tell = std::exchange(r->next, nullptr);
    detail::tell_hook(*r, r->exception);
    detail::drop_handle(*r);
  }
}

void thread_scope::request_stop() noexcept {
  if (threads_ == nullptr) return;
  for (detail::record* r : threads_->records) r->stop.request_stop();
}

void thread_scope::join() {
  detail::record* thrower = nullptr;
  const std::exception_ptr first = join_all(thrower);
  if (thrower == nullptr) return;
  detail::release(thrower);
  std::rethrow_exception(first);
}

std::size_t thread_scope::size() const noexcept {
  return threads_ == nullptr ? 0 : threads_->forgotten + threads_->records.size();
}

std::exception_ptr thread_scope::join_all(detail::record*& thrower) {
  // "First" is by start: it does not depend on who was faster.
  if (threads_ == nullptr) return nullptr;
  threads_->forgotten = threads_->look_at = 0;
  for (detail::record* r : std::exchange(threads_->records, {})) {
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
