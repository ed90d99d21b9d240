// SPDX-License-Identifier: Apache-2.0
// Threads with a defined end.
//
// Danger, first: a thread that is not joined outlives the block that has started it, `main`'s too, and must not use
// what dies with that block. Regular threads are waited for, and daemons frozen, when `main` has returned; by then its
// locals are gone. Make what such threads use `static`, put an `exit_guard` (exit_guard.hpp) behind it in `main`, start
// them in a `thread_scope`, or leave `main` by `std::exit`, which destroys no locals.
//
// `curfew::thread` and `curfew::jthread` have all that std::thread and std::jthread have, with the same names,
// semantics and errors; what differs is said at each.
#pragma once

#include <curfew/detail/invoke.hpp>
#include <curfew/detail/timeout.hpp>
#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/registry.hpp>
#include <curfew/source.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace curfew {
inline namespace v1 {

struct thread_options {
  /// Shown by debuggers, `top`, reports. Default "Thread-N". The OS sees at most 15 bytes of it, cut at a character.
  /// A name with a NUL: `std::system_error`, `invalid_argument`.
  std::string_view name{};
  /// True: the end of the program does not wait for it. Default: as the thread that makes it; false where that is the
  /// main thread or a foreign one, and in a `thread_scope`.
  /// Danger: a daemon outlives `main`, and the locals of `main` die before it is frozen. What a daemon uses must be
  /// static, or stand before an `exit_guard` (exit_guard.hpp) in `main`; or run it in a `thread_scope`, whose block it
  /// does not outlive; or leave `main` by `std::exit`, which destroys no locals.
  /// Danger: a daemon is frozen at any point; use a shield around what must be whole.
  std::optional<bool> daemon{};
  /// In bytes; 0: the system's default. Less than the system's minimum: `invalid_argument`; more than it can give:
  /// `resource_unavailable_try_again`.
  std::size_t stack_size = 0;
  /// For daemons: how long the end of the program waits after asking it to stop; default
  /// `exit_options::daemon_grace`. With more than zero a daemon is asked that takes no token: it is expected to look at
  /// `this_thread::stop_requested()`, and its waits of curfew's end early. Negative: `invalid_argument`.
  std::optional<std::chrono::milliseconds> grace{};
  /// Where it is made, for reports. Filled in by the compiler.
  source created_at = source::here();
};

/// A thread that the end of the program accounts for: it waits for a regular one, and freezes a daemon.
///
/// Differs from std::thread: destroying or assigning over the handle of a running thread does not terminate the
/// program: it gives up the handle, and the thread goes on and is accounted for. The handle keeps answering after
/// `join` and `detach` (`name`, `info`, `is_alive`). An exception that leaves the function goes to the exception hook.
/// It has a stop state, as std::jthread has, and keeps it until it is destroyed, assigned over or moved from. The
/// thread keeps it to its end, detached or not: the end of the program asks it to stop if its function takes a
/// `std::stop_token`, or if it is a daemon that was given a grace (`<curfew/exit.hpp>`).
///
/// | call            | no thread           | running              | joined               | detached             |
/// |-----------------|---------------------|----------------------|----------------------|----------------------|
/// | `joinable`      | false               | true                 | false                | false                |
/// | `get_id`        | `id()`              | the thread's         | `id()`               | `id()`               |
/// | `join`          | `invalid_argument`  | waits                | `invalid_argument`   | `invalid_argument`   |
/// | `join_for`      | `invalid_argument`  | waits, up to a limit | `invalid_argument`   | `invalid_argument`   |
/// | `detach`        | `invalid_argument`  | lets the thread go   | `invalid_argument`   | `invalid_argument`   |
/// | `request_stop`  | false               | asks                 | asks: callbacks run  | asks                 |
/// | `is_alive`      | false               | true                 | false                | true until its end   |
/// | `exception`     | null                | null                 | what left it, if any | null                 |
/// | destructor      | nothing             | gives up the handle  | nothing              | nothing              |
///
/// Thread safety: like std::thread's, but `join`, `join_for`, `join_until` and every const member may be called by many
/// threads at once on one handle; each joiner that came before the end returns when it comes. Nothing here is for
/// signal handlers.
class CURFEW_API thread {
 public:
  using id = std::thread::id;
  using native_handle_type = std::thread::native_handle_type;

  thread() noexcept = default;

  /// Starts a thread that calls `f(args...)` on decayed copies, as std::thread does; where that is not possible and
  /// `f(std::stop_token, args...)` is, it calls that.
  ///
  /// Errors: `std::system_error` with `resource_unavailable_try_again` when the system gives no thread (nothing is left
  /// behind); `exit_in_progress` in `phase::frozen`; what copying the arguments throws.
  template <class F, class... Args>
  requires(!std::same_as<std::remove_cvref_t<F>, thread> && !std::same_as<std::remove_cvref_t<F>, thread_options>)
      [[gnu::always_inline]] explicit inline thread(F&& f, Args&&... args)
      : record_(detail::start<detail::token::if_needed>(thread_options{.created_at = {}}, detail::owner::handle,
                                                        std::forward<F>(f), std::forward<Args>(args)...)) {}

  /// The same, with options: `curfew::thread t({.name = "flusher", .daemon = true}, flush, path);`
  template <class F, class... Args>
  [[gnu::always_inline]] inline thread(thread_options options, F&& f, Args&&... args)
      : record_(detail::start<detail::token::if_needed>(options, detail::owner::handle, std::forward<F>(f),
                                                        std::forward<Args>(args)...)) {}

  thread(const thread&) = delete;
  thread& operator=(const thread&) = delete;
  thread(thread&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
  thread& operator=(thread&& other) noexcept;
  /// Gives up the handle. Never blocks, never terminates.
  ~thread();

  void swap(thread& other) noexcept { std::swap(record_, other.record_); }
  friend void swap(thread& a, thread& b) noexcept { a.swap(b); }

  [[nodiscard]] bool joinable() const noexcept;
  /// `id()` when there is no thread, or it was joined or detached.
  [[nodiscard]] id get_id() const noexcept;
  /// The `pthread_t`: for names, affinity, scheduling, pthread_kill, pthread_cancel. Danger: pthread_join and
  /// pthread_detach by hand go past curfew, which joins every thread itself: `join` and the end of the program then
  /// wait for a regular thread for ever.
  [[nodiscard]] native_handle_type native_handle();
  [[nodiscard]] static unsigned hardware_concurrency() noexcept { return std::thread::hardware_concurrency(); }

  /// Waits until the OS thread has ended, its `thread_local` destructors included.
  /// Errors: `resource_deadlock_would_occur` for joining oneself, and for threads that join each other;
  /// `invalid_argument` for nothing to join; `exit_in_progress` for a thread that is frozen, and, on the exiting
  /// thread, for one that has called `std::exit` too.
  void join();
  /// The same, up to a limit: false when it passed. Negative: polls once. A duration too large to count is for ever.
  template <class Rep, class Period>
  bool join_for(const std::chrono::duration<Rep, Period>& limit) {
    return join_until_steady(detail::steady_deadline(limit));
  }
  template <class Clock, class Duration>
  bool join_until(const std::chrono::time_point<Clock, Duration>& at) {
    return detail::until(at, [this](detail::steady_time slice) { return join_until_steady(slice); });
  }
  /// Nobody can join it any more; it goes on, and the end of the program knows it as before.
  void detach();

  /// True for the first request that the stop state is given, whoever makes it.
  bool request_stop() noexcept;
  /// No state (`stop_possible()` is false) when there is no thread.
  [[nodiscard]] std::stop_source get_stop_source() const noexcept;
  [[nodiscard]] std::stop_token get_stop_token() const noexcept;

  /// False once the function and the `thread_local` destructors are over.
  [[nodiscard]] bool is_alive() const noexcept;
  [[nodiscard]] bool daemon() const noexcept;
  [[nodiscard]] std::string name() const;
  /// Renames the thread, for the OS too. Errors: `invalid_argument` for a NUL in it or when there is no thread.
  void set_name(std::string_view);
  /// The kernel's thread id; 0 when there is no thread or it has not begun.
  [[nodiscard]] pid_t native_id() const noexcept;
  /// Errors: `invalid_argument` when there is no thread.
  [[nodiscard]] thread_info info() const;
  /// What left the thread's function, after a join; null before, and when nothing did.
  [[nodiscard]] std::exception_ptr exception() const noexcept;

 private:
  friend class jthread;
  friend class thread_scope;
  explicit thread(detail::record* record) noexcept : record_(record) {}
  bool join_until_steady(detail::steady_time);

  detail::record* record_ = nullptr;
};

/// A thread that its handle asks to stop and joins. Everything std::jthread has; same options as `thread`.
///
/// A callable that can take a `std::stop_token` first gets it. The destructor and the assignment ask the thread to stop
/// and join it; where the thread is a daemon that the exit has frozen they give up the handle instead. The end of the
/// program asks it as the destructor would, with a token or without, unless it was detached: a static jthread's thread
/// ends then, as a static std::jthread's does.
class CURFEW_API jthread {
 public:
  using id = thread::id;
  using native_handle_type = thread::native_handle_type;

  jthread() noexcept = default;

  template <class F, class... Args>
  requires(!std::same_as<std::remove_cvref_t<F>, jthread> && !std::same_as<std::remove_cvref_t<F>, thread_options>)
      [[gnu::always_inline]] explicit inline jthread(F&& f, Args&&... args)
      : thread_(detail::start<detail::token::if_possible>(thread_options{.created_at = {}},
                                                          detail::owner::asking_handle, std::forward<F>(f),
                                                          std::forward<Args>(args)...)) {}
  template <class F, class... Args>
  [[gnu::always_inline]] inline jthread(thread_options options, F&& f, Args&&... args)
      : thread_(detail::start<detail::token::if_possible>(options, detail::owner::asking_handle, std::forward<F>(f),
                                                          std::forward<Args>(args)...)) {}

  jthread(const jthread&) = delete;
  jthread& operator=(const jthread&) = delete;
  jthread(jthread&&) noexcept = default;
  jthread& operator=(jthread&& other) noexcept;
  ~jthread();

  void swap(jthread& other) noexcept { thread_.swap(other.thread_); }
  friend void swap(jthread& a, jthread& b) noexcept { a.swap(b); }

  [[nodiscard]] bool joinable() const noexcept { return thread_.joinable(); }
  [[nodiscard]] id get_id() const noexcept { return thread_.get_id(); }
  [[nodiscard]] native_handle_type native_handle() { return thread_.native_handle(); }
  [[nodiscard]] static unsigned hardware_concurrency() noexcept { return thread::hardware_concurrency(); }

  void join() { thread_.join(); }
  template <class Rep, class Period>
  bool join_for(const std::chrono::duration<Rep, Period>& limit) {
    return thread_.join_for(limit);
  }
  template <class Clock, class Duration>
  bool join_until(const std::chrono::time_point<Clock, Duration>& at) {
    return thread_.join_until(at);
  }
  void detach() { thread_.detach(); }

  bool request_stop() noexcept { return thread_.request_stop(); }
  [[nodiscard]] std::stop_source get_stop_source() const noexcept { return thread_.get_stop_source(); }
  [[nodiscard]] std::stop_token get_stop_token() const noexcept { return thread_.get_stop_token(); }

  [[nodiscard]] bool is_alive() const noexcept { return thread_.is_alive(); }
  [[nodiscard]] bool daemon() const noexcept { return thread_.daemon(); }
  [[nodiscard]] std::string name() const { return thread_.name(); }
  void set_name(std::string_view name) { thread_.set_name(name); }
  [[nodiscard]] pid_t native_id() const noexcept { return thread_.native_id(); }
  [[nodiscard]] thread_info info() const { return thread_.info(); }
  [[nodiscard]] std::exception_ptr exception() const noexcept { return thread_.exception(); }

 private:
  void end() noexcept;
  thread thread_;
};

/// Threads that end with a block:
///
///     { curfew::thread_scope s; s.start(left); s.start(right); s.join(); }   // here both have ended
///
/// `join()` waits for all of them and rethrows the first exception that left one; later ones go to the exception hook.
/// `request_stop()` asks all of them: they see it by their token or by `this_thread::stop_requested()`, and their waits
/// of curfew's end. The destructor, without a `join()` before it, asks those that take a token, and joins; an exception
/// that nobody collected goes to the hook (a destructor cannot throw it). Used by one thread at a time.
/// What a thread has needed is given back soon after its end, also before the join: a scope may start threads for as
/// long as the program runs. Of exceptions only the first, by the order of starting, is kept till then; the hook is
/// told about the others as soon as the scope sees them, on the thread that calls `start`. Threads of a scope are
/// regular unless their options say `.daemon = true`, on a daemon too: a block that promises that its threads end is no
/// place to inherit being frozen. So what a daemon has begun in a scope is still finished.
class CURFEW_API thread_scope {
 public:
  thread_scope() noexcept = default;
  thread_scope(const thread_scope&) = delete;
  thread_scope& operator=(const thread_scope&) = delete;
  ~thread_scope();

  template <class F, class... Args>
  requires(!std::same_as<std::remove_cvref_t<F>, thread_options>)
      [[gnu::always_inline]] inline void start(F&& f, Args&&... args) {
    reserve();
    adopt(detail::start<detail::token::if_possible>(thread_options{.created_at = {}}, detail::owner::scope,
                                                    std::forward<F>(f), std::forward<Args>(args)...));
  }
  template <class F, class... Args>
  [[gnu::always_inline]] inline void start(thread_options options, F&& f, Args&&... args) {
    reserve();
    adopt(detail::start<detail::token::if_possible>(options, detail::owner::scope, std::forward<F>(f),
                                                    std::forward<Args>(args)...));
  }

  void request_stop() noexcept;
  void join();
  /// How many threads were started since the last `join()`, ended ones included.
  [[nodiscard]] std::size_t size() const noexcept;

 private:
  void reserve();
  void adopt(detail::record*) noexcept;
  void forget_ended() noexcept;
  std::exception_ptr join_all(detail::record*& thrower);

  std::vector<detail::record*> records_;  ///< in the order of starting
  std::size_t forgotten_ = 0;
  std::size_t look_at_ = 0;  ///< when it has so many
};

/// The calling thread. Threads that curfew did not start can use all of it; nobody asks them to stop.
namespace this_thread {

[[nodiscard]] inline thread::id get_id() noexcept { return std::this_thread::get_id(); }
[[nodiscard]] inline thread::id id() noexcept { return std::this_thread::get_id(); }
inline void yield() noexcept { std::this_thread::yield(); }

/// The token that is asked when this thread is: the same that its function was given. Empty on a foreign thread.
[[nodiscard]] CURFEW_API std::stop_token get_stop_token();
[[nodiscard]] CURFEW_API bool stop_requested() noexcept;
[[nodiscard]] CURFEW_API std::string name();
/// Errors: `std::system_error`, `invalid_argument` for a NUL in it.
CURFEW_API void set_name(std::string_view);
[[nodiscard]] CURFEW_API bool is_daemon() noexcept;
[[nodiscard]] CURFEW_API thread_info info();

}  // namespace this_thread

namespace detail {
CURFEW_API bool sleep_until_steady(steady_time);
}

namespace this_thread {

/// Sleeps; false, and early, when this thread is asked to stop, and at once whenever it was: a loop that only sleeps
/// must look at it. Whom the end of the program asks is said in `<curfew/exit.hpp>`. Negative: returns at once.
/// A cancellation point of pthread_cancel, as std::this_thread's and as `thread::join`; the waits with a limit
/// (`join_for`) and those of sync.hpp are none.
template <class Rep, class Period>
[[nodiscard]] bool sleep_for(const std::chrono::duration<Rep, Period>& d) {
  return detail::sleep_until_steady(detail::steady_deadline(d));
}
template <class Clock, class Duration>
[[nodiscard]] bool sleep_until(const std::chrono::time_point<Clock, Duration>& at) {
  bool completed = true;
  detail::until(at, [&](detail::steady_time slice) {
    completed = detail::sleep_until_steady(slice);
    return !completed;
  });
  return completed;
}

}  // namespace this_thread

}  // namespace v1
}  // namespace curfew
