// SPDX-License-Identifier: Apache-2.0
#include "thread/exceptions.hpp"

#include "registry/registry.hpp"
#include "report/exception_text.hpp"

#include <curfew/error.hpp>
#include <curfew/exception_hook.hpp>

#include <memory>
#include <utility>

namespace curfew::inline v1 {

exit_in_progress::exit_in_progress(const char* what)
    : std::system_error(std::make_error_code(std::errc::operation_canceled), what) {}
exit_in_progress::~exit_in_progress() = default;

thread_exit::~thread_exit() = default;
const char* thread_exit::what() const noexcept { return "curfew::thread_exit"; }

namespace detail {
namespace {

/// Shared, so that a hook can be replaced while it runs; never destroyed.
std::shared_ptr<const exception_hook>& hook_in_force() {
  static auto* const hook = new std::shared_ptr<const exception_hook>;
  return *hook;
}

constinit thread_local std::shared_ptr<const exception_hook> hook_of_this_thread;

std::shared_ptr<const exception_hook> hook_for(const record& r) {
  // A scope tells of a thread that is over on another thread.
  if (&r == own_record_if_known() && hook_of_this_thread) return hook_of_this_thread;
  const lock_registry lock;
  return hook_in_force();
}

std::shared_ptr<const exception_hook> made(exception_hook&& hook) {
  return hook ? std::make_shared<const exception_hook>(std::move(hook)) : nullptr;
}

}  // namespace

void leave_with(record& r, const std::exception_ptr& exception) noexcept {
  r.exception = exception;
  if (r.who != owner::scope) tell_hook(r, exception);
}

void tell_hook(const record& r, const std::exception_ptr& exception) noexcept {
  const thread_info info = describe(r);
  const auto hook = hook_for(r);
  const thread_exception event{exception, &info};
  try {
    hook ? (*hook)(event) : default_exception_hook(event);
  } catch (...) {
    report_exception("Exception in curfew's exception hook, for thread", info.name, std::current_exception(),
                     static_cast<long long>(info.number));
    std::terminate();
  }
}

}  // namespace detail

exception_hook set_exception_hook(exception_hook hook) {
  auto changed = detail::made(std::move(hook));
  {
    const detail::lock_registry lock;
    changed.swap(detail::hook_in_force());
  }
  return changed ? *changed : exception_hook(&default_exception_hook);
}

exception_hook this_thread::set_exception_hook(exception_hook hook) {
  auto changed = detail::made(std::move(hook));
  changed.swap(detail::hook_of_this_thread);
  return changed ? *changed : exception_hook();
}

void default_exception_hook(const thread_exception& event) {
  try {
    if (event.exception) std::rethrow_exception(event.exception);
  } catch (const thread_exit&) {
    return;
  } catch (...) {  // NOLINT(bugprone-empty-catch): told below
  }
  const thread_info info = event.thread != nullptr ? *event.thread : current();
  detail::report_exception("Exception in thread", info.name, event.exception, static_cast<long long>(info.number));
}

}  // namespace curfew::inline v1
