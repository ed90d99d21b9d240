// SPDX-License-Identifier: Apache-2.0
// Makes a pool an executor for standalone Asio (1.18 or newer), so that code written for Asio runs on curfew's workers.
//
//     curfew::thread_pool pool;
//     curfew::asio_context context(pool);
//     asio::post(context.get_executor(), work);
//     asio::steady_timer timer(context.get_executor(), std::chrono::seconds(1));
//     asio::co_spawn(context.get_executor(), serve(), asio::detached);
//
// This header is not part of `curfew/pool.hpp`, because it needs Asio's headers.
#pragma once

#include <curfew/detail/task_count.hpp>
#include <curfew/pool/thread_pool.hpp>

#include <asio/execution.hpp>
#include <asio/execution_context.hpp>

#include <type_traits>
#include <utility>

namespace curfew {
inline namespace v1 {

class asio_executor;

/// The execution context in which Asio keeps its services (timers, sockets). They use a thread of Asio's own, which
/// waits for the system and passes what is ready to the pool. The context must outlive the objects that are made with
/// its executors, and the pool must outlive the context.
///
/// The destructor waits for the tasks of every kind that have come to the pool through the context, because they use
/// its services. It drops what a timer or a socket still waits for. It does not wait in phase `frozen` or, in a forked
/// child, for tasks of the parent. Danger: it waits without end for a task that never ends, or that posts itself again
/// and again. If one of its own tasks destroys it, it terminates the program with a line on stderr.
class asio_context : public asio::execution_context {
 public:
  using executor_type = asio_executor;

  explicit asio_context(thread_pool& pool) noexcept : pool_(pool) {}
  asio_context(const asio_context&) = delete;
  asio_context& operator=(const asio_context&) = delete;
  ~asio_context() {
    constexpr auto what = "curfew: ~asio_context";
    tasks_.wait_for_none(what);
    shutdown();
    tasks_.wait_for_none(what);  // the services' own thread may have brought some until now
    destroy();
  }

  [[nodiscard]] asio_executor get_executor(at_exit kind = at_exit::finish) noexcept;
  [[nodiscard]] thread_pool& pool() const noexcept { return pool_; }

 private:
  friend asio_executor;

  thread_pool& pool_;
  detail::task_count tasks_;
};

/// Runs each function as a task of the pool, never inside the call (`blocking.never`). The kind says what the end of
/// the program does with the tasks that have come to the pool. What a timer or a socket waits for is not a task yet,
/// and the end does not wait for it.
///
/// A function that the pool does not take is destroyed without being called, and without notice: if the pool was shut
/// down, if its initialiser has thrown, if it has no worker and the system cannot make one, or in phase `frozen`.
/// `execute` does not throw in these cases, because a timer or a socket calls it on Asio's own thread, where no one
/// could catch the exception.
class asio_executor {
 public:
  asio_executor(asio_context& context, at_exit kind) noexcept : context_(&context), kind_(kind) {}

  template <class F>
  void execute(F&& f) const {
    using call = detail::counted_call<std::decay_t<F>>;
    context_->pool_.post_or_drop(kind_, call{detail::task_count::member(context_->tasks_), std::forward<F>(f)});
  }

  [[nodiscard]] asio_context& query(asio::execution::context_t) const noexcept { return *context_; }
  [[nodiscard]] static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  [[nodiscard]] asio_executor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }

  friend bool operator==(const asio_executor& a, const asio_executor& b) noexcept {
    return a.context_ == b.context_ && a.kind_ == b.kind_;
  }
  friend bool operator!=(const asio_executor& a, const asio_executor& b) noexcept { return !(a == b); }

 private:
  asio_context* context_;
  at_exit kind_;
};

inline asio_executor asio_context::get_executor(at_exit kind) noexcept { return {*this, kind}; }

}  // namespace v1
}  // namespace curfew
