// SPDX-License-Identifier: Apache-2.0
#include <curfew/thread.hpp>

#include "registry/registry.hpp"
#include "thread/exceptions.hpp"
#include "thread/joining.hpp"
#include "thread/names.hpp"

#include <bit>
#include <cstdint>
#include <system_error>

namespace curfew::inline v1 {
namespace {

using detail::record;

[[noreturn]] void fail(std::errc code, const char* what) { throw std::system_error(std::make_error_code(code), what); }

bool is_joinable(const record* r) noexcept {
  return r != nullptr && r->handle.load() == detail::handle_state::joinable;
}

}  // namespace

thread& thread::operator=(thread&& other) noexcept {
  thread(std::move(other)).swap(*this);
  return *this;
}

thread::~thread() {
  if (record_ != nullptr) detail::drop_handle(*record_);
}

bool thread::joinable() const noexcept { return is_joinable(record_); }

thread::id thread::get_id() const noexcept {
  if (!joinable()) return {};
  const pthread_t pthread = record_->pthread.load(std::memory_order_relaxed);
#if defined(__GLIBCXX__)
  return id(pthread);
#else
  static_assert(sizeof(id) == sizeof(pthread_t) && std::is_trivially_copyable_v<id>);
  return std::bit_cast<id>(pthread);  // libc++ has no other way to name a thread that is not the caller
#endif
}

thread::native_handle_type thread::native_handle() {
  return joinable() ? record_->pthread.load(std::memory_order_relaxed) : native_handle_type{};
}

void thread::join() {
  if (!joinable()) fail(std::errc::invalid_argument, "curfew: there is no thread to join");
  detail::join_record(*record_, detail::os::forever);
  record_->handle.store(detail::handle_state::joined);
}

bool thread::join_until_steady(detail::steady_time deadline) {
  if (!joinable()) fail(std::errc::invalid_argument, "curfew: there is no thread to join");
  if (!detail::join_record(*record_, deadline)) return false;
  record_->handle.store(detail::handle_state::joined);
  return true;
}

void thread::detach() {
  if (!joinable()) fail(std::errc::invalid_argument, "curfew: there is no thread to detach");
  // As far as the end of the thread goes the handle is given up here; the reference to the record stays until it is
  // destroyed.
  record_->handle.store(detail::handle_state::detached);
  detail::retain(*record_);
  detail::drop_handle(*record_);
}

bool thread::request_stop() noexcept { return record_ != nullptr && record_->stop.request_stop(); }

std::stop_source thread::get_stop_source() const noexcept {
  return record_ != nullptr ? record_->stop : std::stop_source(std::nostopstate);
}

std::stop_token thread::get_stop_token() const noexcept { return get_stop_source().get_token(); }

bool thread::is_alive() const noexcept { return record_ != nullptr && record_->over.load() == 0; }

bool thread::daemon() const noexcept { return record_ != nullptr && record_->daemon(); }

std::string thread::name() const {
  if (record_ == nullptr) return {};
  return detail::name_of(*record_);
}

void thread::set_name(std::string_view name) {
  if (record_ == nullptr) fail(std::errc::invalid_argument, "curfew: set_name: there is no thread");
  detail::rename(*record_, name);
}

pid_t thread::native_id() const noexcept { return record_ != nullptr ? record_->cell.tid.load() : 0; }

thread_info thread::info() const {
  if (record_ == nullptr) fail(std::errc::invalid_argument, "curfew: info: there is no thread");
  return detail::describe(*record_);
}

std::exception_ptr thread::exception() const noexcept {
  return record_ != nullptr && record_->handle.load() == detail::handle_state::joined ? record_->exception : nullptr;
}

jthread& jthread::operator=(jthread&& other) noexcept {
  jthread moved(std::move(other));  // first, so that assigning to itself keeps the thread
  end();
  swap(moved);
  return *this;
}

jthread::~jthread() { end(); }

void jthread::end() noexcept {
  record* const r = thread_.record_;
  if (!is_joinable(r)) return;
  if (!detail::can_never_end(*r)) {
    // Not for a frozen thread: it may be inside its stop state's lock, and it has been asked already.
    r->stop.request_stop();
    try {
      detail::join_record(*r, detail::os::forever);
      r->handle.store(detail::handle_state::joined);
      return;
    } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): itself, or frozen: given up below
    }
  }
  thread_ = thread();
}

}  // namespace curfew::inline v1
