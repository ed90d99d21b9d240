// SPDX-License-Identifier: Apache-2.0
// curfew/curfew.h: threads.
#include "c_api/failures.hpp"

#include <curfew/curfew.h>
#include <curfew/adopt.hpp>
#include <curfew/thread.hpp>

#include <chrono>
#include <new>
#include <optional>
#include <utility>

using curfew::detail::errno_of;
using std::chrono::milliseconds;

struct curfew_thread {
  curfew::thread handle;
};

struct curfew_adoption {
  curfew::adoption handle;
};

namespace {

std::optional<bool> daemon_of(curfew_kind kind) {
  if (kind != CURFEW_INHERIT && kind != CURFEW_REGULAR && kind != CURFEW_DAEMON)
    throw std::system_error(std::make_error_code(std::errc::invalid_argument));
  return kind == CURFEW_INHERIT ? std::nullopt : std::optional(kind == CURFEW_DAEMON);
}

curfew::thread_options options_of(const curfew_thread_options& given) {
  if (given.size != sizeof given) throw std::system_error(std::make_error_code(std::errc::invalid_argument));
  curfew::thread_options options{.daemon = daemon_of(given.kind), .stack_size = given.stack_size, .created_at = {}};
  if (given.name != nullptr) options.name = given.name;
  if (given.grace_ms >= 0) options.grace = milliseconds(given.grace_ms);
  if (given.file != nullptr) options.created_at = {given.file, given.line, "", nullptr};
  return options;
}

struct call {
  curfew_function function;
  void* argument;
};

void run(void* payload, std::stop_token&&) {
  const call now = *static_cast<call*>(payload);
  now.function(now.argument);
}

void destroy(void*) noexcept {}

}  // namespace

namespace curfew::inline v1::detail {

struct thread_maker {
  /// The function says, by its address, which library the thread needs.
  static thread make(const curfew_thread_options& given, const call& what) {
    record* const r = prepare(options_of(given), owner::handle, sizeof what, alignof(call));
    ::new (payload_of(r)) call(what);
    launch(r, {&run, &destroy, given.takes_stop_token != 0}, reinterpret_cast<const void*>(what.function));
    return thread(r);
  }
};

}  // namespace curfew::inline v1::detail

extern "C" {

int curfew_start(curfew_thread** made, const curfew_thread_options* options, curfew_function function, void* argument) {
  if (function == nullptr) return EINVAL;
  return errno_of([&] {
    const curfew_thread_options defaults{sizeof defaults, nullptr, CURFEW_INHERIT, 0, -1, 0, nullptr, 0};
    const curfew_thread_options& given = options != nullptr ? *options : defaults;
    auto* const handle = made != nullptr ? new curfew_thread : nullptr;
    struct undo {
      curfew_thread* of;
      ~undo() { delete of; }
    } unless_made{handle};
    auto started = curfew::detail::thread_maker::make(given, {function, argument});
    if (handle == nullptr) return started.detach();
    handle->handle = std::move(started);
    unless_made.of = nullptr;
    *made = handle;
  });
}

int curfew_start_daemon(curfew_thread** made, const char* name, curfew_function function, void* argument) {
  const curfew_thread_options options{sizeof options, name, CURFEW_DAEMON, 0, -1, 0, nullptr, 0};
  return curfew_start(made, &options, function, argument);
}

int curfew_join(curfew_thread* thread) {
  if (thread == nullptr) return EINVAL;
  return errno_of([=] { thread->handle.join(); });
}

int curfew_join_for(curfew_thread* thread, int64_t limit_ms) {
  if (thread == nullptr) return EINVAL;
  bool ended = false;
  const int error = errno_of([&] { ended = thread->handle.join_for(milliseconds(limit_ms)); });
  return error == 0 && !ended ? ETIMEDOUT : error;
}

void curfew_give_up(curfew_thread* thread) { delete thread; }

int curfew_is_alive(const curfew_thread* thread) { return thread != nullptr && thread->handle.is_alive() ? 1 : 0; }

void curfew_request_stop(curfew_thread* thread) {
  if (thread != nullptr) thread->handle.request_stop();
}

int curfew_stop_requested(void) { return curfew::this_thread::stop_requested() ? 1 : 0; }

int curfew_sleep(int64_t limit_ms) {
  if (limit_ms < 0) return EINVAL;
  bool asked = false;
  const int error = errno_of([&] { asked = !curfew::this_thread::sleep_for(milliseconds(limit_ms)); });
  return error == 0 && asked ? EINTR : error;
}

int curfew_adopt(curfew_adoption** made, const char* name, curfew_kind kind) {
  if (kind != CURFEW_REGULAR && kind != CURFEW_DAEMON) return EINVAL;
  const void* const caller = __builtin_return_address(0);
  return errno_of([&] {
    curfew::adopt_options options{.daemon = kind == CURFEW_DAEMON, .adopted_at = {nullptr, 0, nullptr, caller}};
    if (name != nullptr) options.name = name;
    if (made == nullptr) return curfew::adopt(options).keep();
    auto* const handle = new curfew_adoption;
    struct undo {
      curfew_adoption* of;
      ~undo() { delete of; }
    } unless_made{handle};
    handle->handle = curfew::adopt(options);
    unless_made.of = nullptr;
    *made = handle;
  });
}

int curfew_release(curfew_adoption* adoption) {
  if (adoption == nullptr) return 0;
  const int error = errno_of([=] { adoption->handle.release(); });
  if (error == 0) delete adoption;
  return error;
}

}  // extern "C"
