// SPDX-License-Identifier: Apache-2.0
// Threads with a defined end.
//
// Danger, first: a thread that is not joined outlives the block that started it, even the block of `main`, and must not
// use the locals of that block. The end of the program waits for regular threads, and freezes daemons, after `main` has
// returned; by then the locals of `main` are gone. Make what such threads use `static`, declare an `exit_guard`
// (exit_guard.hpp) behind it in `main`, start the threads in a `thread_scope`, or leave `main` by `std::exit`, which
// destroys no locals.
//
// `curfew::thread` and `curfew::jthread` have everything that std::thread and std::jthread have, with the same names,
// semantics and errors; the comment of each class says where it differs.
#pragma once

#include <curfew/detail/invoke.hpp>
#include <curfew/detail/timeout.hpp>
#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/source.hpp>
#include <curfew/thread_info.hpp>

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

namespace curfew {
inline namespace v1 {

struct thread_options {
  /// Debuggers, `top` and reports show it. Default: "Thread-N". The OS gets at most 15 bytes of it, cut between
  /// characters. A name that contains a NUL is an error: `std::system_error`, `invalid_argument`.
  std::string_view name{};
  /// True: the end of the program does not wait for the thread. Default: the value of the thread that makes it; false
  /// if that is the main thread or a foreign one, and in a `thread_scope`.
  /// Danger: a daemon outlives `main`, and the locals of `main` are destroyed before it is frozen. What a daemon uses
  /// must be static, or be declared in `main` before an `exit_guard` (exit_guard.hpp); or run the daemon in a
  /// `thread_scope`, whose block it does not outlive; or leave `main` by `std::exit`, which destroys no locals.
  /// Danger: a daemon can be frozen at any point; put a shield around work that must not be interrupted halfway.
  std::optional<bool> daemon{};
  /// In bytes; 0 means the system's default. A value below the system's minimum throws `invalid_argument`; one that the
  /// system cannot provide throws `resource_unavailable_try_again`.
  std::size_t stack_size = 0;
  /// For daemons: how long the end of the program waits after it has asked the daemon to stop. Default:
  /// `exit_options::daemon_grace`. With more than zero, even a daemon that takes no token is asked: it is expected to
  /// look at `this_thread::stop_requested()`, and its waits in curfew's objects end early. A negative value throws
  /// `invalid_argument`.
  std::optional<std::chrono::milliseconds> grace{};
  /// Where the thread is made, for reports. The compiler fills it in.
  source created_at = source::here();
};

/// A thread that the end of the program accounts for: it waits for a regular thread, and freezes a daemon.
///
/// It differs from std::thread in three ways. Destroying the handle of a running thread, or assigning to it, does not
/// terminate the program: the handle gives the thread up, and the thread goes on; the end of the program still accounts
/// for it. `name`, `info` and `is_alive` still answer after `join` and `detach`. An exception that leaves the function
/// goes to the exception hook.
/// The handle has a stop state, as std::jthread has, and keeps it until it is destroyed, assigned to or moved from. The
/// thread keeps it to its end, detached or not: the end of the program asks the thread to stop if its function takes a
/// `std::stop_token`, or if it is a daemon with a grace period (`<curfew/exit.hpp>`).
///
/// | call            | no thread           | running              | joined               | detached             |
/// |-----------------|---------------------|----------------------|----------------------|----------------------|
/// | `joinable`      | false               | true                 | false                | false                |
/// | `get_id`        | `id()`              | the thread's         | `id()`               | `id()`               |
/// | `join`          | `invalid_argument`  | waits                | `invalid_argument`   | `invalid_argument`   |
/// | `join_for`      | `invalid_argument`  | waits, up to a limit | `invalid_argument`   | `invalid_argument`   |
/// | `detach`        | `invalid_argument`  | gives up the handle  | `invalid_argument`   | `invalid_argument`   |
/// | `request_stop`  | false               | asks                 | asks: callbacks run  | asks                 |
/// | `is_alive`      | false               | true                 | false                | true until its end   |
/// | `exception`     | null                | null                 | what left it, if any | null                 |
/// | destructor      | nothing             | gives up the handle  | nothing              | nothing              |
///
/// Thread safety: as for std::thread, except that many threads may call `join`, `join_for`, `join_until` and the const
/// members of one handle at once; all threads that are joining when the thread ends return. Nothing here may be called
/// in a signal handler.
class CURFEW_API thread {
 public:
  using id = std::thread::id;
  using native_handle_type = std::thread::native_handle_type;

  thread() noexcept = default;

  /// Starts a thread that calls `f(args...)` on decayed copies, as std::thread does; if that cannot be called but
  /// `f(std::stop_token, args...)` can, it calls that.
  ///
  /// Errors: `std::system_error` with `resource_unavailable_try_again` if the system cannot make a thread (nothing is
  /// left behind); `exit_in_progress` in `phase::frozen`; whatever copying the arguments throws.
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
  /// `id()` if there is no thread, or if it was joined or detached.
  [[nodiscard]] id get_id() const noexcept;
  /// The `pthread_t`, for names, affinity, scheduling, pthread_kill and pthread_cancel. Danger: do not call
  /// pthread_join or pthread_detach on it. curfew joins every thread itself, and would then wait for a regular thread
  /// for ever, in `join` and at the end of the program.
  [[nodiscard]] native_handle_type native_handle();
  [[nodiscard]] static unsigned hardware_concurrency() noexcept { return std::thread::hardware_concurrency(); }

  /// Waits until the OS thread has ended, including its `thread_local` destructors.
  /// Errors: `resource_deadlock_would_occur` if a thread joins itself, or if threads join each other;
  /// `invalid_argument` if there is nothing to join; `exit_in_progress` if the thread is frozen, or if the exiting
  /// thread joins a thread that has called `std::exit` too.
  void join();
  /// The same with a limit: false if it has passed. A negative limit polls once; a duration too large to represent
  /// means for ever.
  template <class Rep, class Period>
  bool join_for(const std::chrono::duration<Rep, Period>& limit) {
    return join_until_steady(detail::steady_deadline(limit));
  }
  template <class Clock, class Duration>
  bool join_until(const std::chrono::time_point<Clock, Duration>& at) {
    return detail::until(at, [this](detail::steady_time slice) { return join_until_steady(slice); });
  }
  /// The thread goes on and cannot be joined any more. The end of the program accounts for it as before.
  void detach();

  /// True if this is the first request on the stop state, whoever makes it.
  bool request_stop() noexcept;
  /// Without a stop state (`stop_possible()` is false) if there is no thread.
  [[nodiscard]] std::stop_source get_stop_source() const noexcept;
  [[nodiscard]] std::stop_token get_stop_token() const noexcept;

  /// False once the function and the `thread_local` destructors are over.
  [[nodiscard]] bool is_alive() const noexcept;
  [[nodiscard]] bool daemon() const noexcept;
  [[nodiscard]] std::string name() const;
  /// Renames the thread, for the OS too. Errors: `invalid_argument` if the name contains a NUL, or if there is no
  /// thread.
  void set_name(std::string_view);
  /// The kernel's thread id; 0 if there is no thread or it has not begun.
  [[nodiscard]] pid_t native_id() const noexcept;
  /// Errors: `invalid_argument` if there is no thread.
  [[nodiscard]] thread_info info() const;
  /// After a join: the exception that left the thread's function, or null. Before a join: null.
  [[nodiscard]] std::exception_ptr exception() const noexcept;

 private:
  friend class jthread;
  friend class thread_scope;
  friend struct detail::thread_maker;
  explicit thread(detail::record* record) noexcept : record_(record) {}
  bool join_until_steady(detail::steady_time);

  detail::record* record_ = nullptr;
};

/// A thread whose handle asks it to stop and joins it. It has everything that std::jthread has, and the options of
/// `thread`.
///
/// A callable that accepts a `std::stop_token` as its first argument gets one. The destructor and the assignment ask
/// the thread to stop and join it; if the exit has frozen the thread, they give up the handle instead. The end of the
/// program asks the thread to stop as the destructor would, whether its function takes a token or not, unless it was
/// detached: so the thread of a static jthread ends, as that of a static std::jthread does.
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
/// `join()` waits for all of them and rethrows the first exception that left one of them; later ones go to the
/// exception hook. `request_stop()` asks all of them to stop: they see it by their token or by
/// `this_thread::stop_requested()`, and their waits in curfew's objects end. Without a `join()` before it, the
/// destructor asks the threads that take a token to stop, and joins all; an exception that nobody collected goes to the
/// hook, because a destructor cannot throw it. Only one thread at a time may use a scope.
/// A scope may start threads for as long as the program runs: it frees what a thread has needed soon after the thread's
/// end, even before the join. It keeps only the first exception, by the order of starting; it passes the others to the
/// hook as soon as it sees them, on the thread that calls `start`. Threads of a scope are regular unless their options
/// say `.daemon = true`, even if a daemon starts them: a block that promises that its threads end must not let them
/// inherit being frozen. So what a daemon has begun in a scope is still finished.
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
  /// How many threads were started since the last `join()`, including those that have ended.
  [[nodiscard]] std::size_t size() const noexcept;

 private:
  void reserve();
  void adopt(detail::record*) noexcept;
  void forget_ended() noexcept;
  std::exception_ptr join_all(detail::record*& thrower);

  detail::scope_threads* threads_ = nullptr;  ///< made by the first start
};

/// The calling thread. A thread that curfew did not start can use all of it, but is never asked to stop.
namespace this_thread {

[[nodiscard]] inline thread::id get_id() noexcept { return std::this_thread::get_id(); }
[[nodiscard]] inline thread::id id() noexcept { return std::this_thread::get_id(); }
inline void yield() noexcept { std::this_thread::yield(); }

/// The token by which this thread is asked to stop, the same that its function gets. Empty on a foreign thread.
[[nodiscard]] CURFEW_API std::stop_token get_stop_token();
[[nodiscard]] CURFEW_API bool stop_requested() noexcept;
[[nodiscard]] CURFEW_API std::string name();
/// Errors: `std::system_error`, `invalid_argument` if the name contains a NUL.
CURFEW_API void set_name(std::string_view);
[[nodiscard]] CURFEW_API bool is_daemon() noexcept;
[[nodiscard]] CURFEW_API thread_info info();

}  // namespace this_thread

namespace detail {
CURFEW_API bool sleep_until_steady(steady_time);
}

namespace this_thread {

/// Sleeps. Returns false, and early, if this thread is asked to stop; after that it returns false at once, so a loop
/// that only sleeps must look at the result. `<curfew/exit.hpp>` says which threads the end of the program asks. With a
/// negative duration it returns true at once.
/// It is a cancellation point of pthread_cancel, like the functions of std::this_thread and `thread::join`; waits with
/// a limit (`join_for`) and those of sync.hpp are not.
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
