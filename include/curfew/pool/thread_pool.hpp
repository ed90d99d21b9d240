// SPDX-License-Identifier: Apache-2.0
// A pool of named workers, each of whose tasks says what the end of the program does with it.
#pragma once

#include <curfew/detail/fork_join.hpp>
#include <curfew/detail/parking.hpp>
#include <curfew/detail/task.hpp>
#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/source.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace curfew {
inline namespace v1 {

namespace detail {
/// A random-access range that knows its size, without <ranges>, which would cost a fifth of this header.
template <class Range>
concept indexed_range = requires(Range& range) {
  std::size(range);
  requires std::random_access_iterator<decltype(std::begin(range))>;
};
}  // namespace detail

/// What the end of the program does with a task. Chosen for each task; what is submitted while the end is under way:
///
/// | task      | not yet started when the end begins | running | submitted in draining, stopping | in frozen |
/// |-----------|-------------------------------------|---------|---------------------------------|-----------|
/// | `finish`  | run, and waited for | waited for | run, and waited for | `exit_in_progress` |
/// | `skip`    | dropped | waited for | dropped | `exit_in_progress` |
/// | `abandon` | dropped | goes on until it is frozen, as a daemon | dropped | `exit_in_progress` |
///
/// The end begins when the before-wait hooks have run: what a hook submits is run as ever. It is all the same which
/// thread submits: main, a regular thread, a daemon, a task, an after-wait hook; static destructors and `atexit`
/// handlers run in phase `frozen`. A dropped task's future holds `task_dropped`; `post` says false.
///
/// A `finish` task whose workers are all kept by `abandon` tasks, or have called `std::exit`, gets a worker of its own
/// when the end begins: it never waits for what the end does not wait for.
enum class at_exit : unsigned char {
  /// The default, and Python's rule. Danger: one that never ends keeps the program from ending, as a regular thread
  /// does.
  finish,
  /// For work that is only worth doing while the program goes on: caches, statistics.
  skip,
  /// For work that may block for ever. Danger: it is frozen at any point, as a daemon is; use a shield around what
  /// must
  /// be whole. Its thread is a daemon while it runs: what threads it starts are too.
  abandon,
};

[[nodiscard]] CURFEW_API const char* to_string(at_exit) noexcept;

/// In the future of a task that was dropped before it began: by the end of the program, by
/// `shutdown({.cancel_pending = true})`, or because who submitted it was asked to stop while the queue was full.
/// `code()` is `std::errc::operation_canceled`. (Python: `CancelledError`.)
class CURFEW_API task_dropped : public std::system_error {
 public:
  task_dropped();
  ~task_dropped() override;
};

/// Thrown by a pool that takes no tasks any more: it was shut down, or its initialiser has thrown. `code()` is
/// `std::errc::operation_not_permitted`. (Python: "cannot schedule new futures after shutdown".)
class CURFEW_API pool_closed : public std::system_error {
 public:
  explicit pool_closed(const char* what);
  ~pool_closed() override;
};

struct pool_options {
  /// Workers are called "name-1", "name-2", …. Default "pool-N".
  std::string_view name{};
  /// At most so many workers; they are started when there is work for them. Default: as many as the machine runs at
  /// once. Zero or less: `invalid_argument`.
  std::optional<int> workers{};
  /// So many workers stay when there is nothing to do; those above it end after `idle`. Default: all of them (a pool of
  /// fixed size). Negative, or more than `workers`: `invalid_argument`.
  std::optional<int> keep{};
  /// How long a worker above `keep` waits for work before it ends. Negative: `invalid_argument`.
  std::chrono::milliseconds idle{10000};
  /// At most so many tasks wait for a worker; then `submit` and `post` wait until there is room, or until their thread
  /// is asked to stop, and `try_post` says no. The pool's own tasks are not held to it: they would wait for themselves.
  /// Default: no limit. Zero or less: `invalid_argument`.
  std::optional<int> queue_limit{};
  /// Called on each worker before its first task. When it throws, the exception hook is told, the pool drops what waits
  /// and takes no more tasks: `pool_closed`. Likewise, but for the hook, when it ends its thread (pthread_exit).
  std::function<void()> initialiser{};
  /// Of each worker, in bytes; 0: the system's default.
  std::size_t stack_size = 0;
  /// Where it is made, for reports of its workers. Filled in by the compiler.
  source created_at = source::here();
};

/// How `shutdown` goes about it.
struct shutdown_options {
  bool wait = true;             ///< until the workers have ended, their `thread_local` destructors included
  bool cancel_pending = false;  ///< drop what has not begun
};

/// What a pool does at one moment.
struct pool_counts {
  std::size_t workers = 0;  ///< threads, those that are starting included
  std::size_t running = 0;  ///< tasks that have begun, or are about to
  std::size_t queued = 0;   ///< tasks that have not
};

namespace detail {
/// What is called, and not what stands in front of it.
template <class F>
concept callable_of_task =
    !std::same_as<std::remove_cvref_t<F>, at_exit> && !std::same_as<std::remove_cvref_t<F>, std::stop_token>;
/// The deadline of who does not wait.
inline constexpr steady_time at_once = steady_time::min();
}  // namespace detail

/// A pool of workers.
///
///     curfew::thread_pool pool({.name = "images", .workers = 4});
///     std::future<image> small = pool.submit(shrink, big);
///     pool.post(curfew::at_exit::skip, [] { refresh_cache(); });
///     std::vector<image> all = pool.map(paths, load);
///
/// Workers are regular threads; the end of the program waits for them, and they end then: no pool needs to be shut down
/// for the program to end, be it local, static, or leaked. Tasks start in the order in which they were submitted. A
/// task that throws goes to its future or, when it was posted, to the exception hook; its worker goes on
/// (`thread_exit` ends the task quietly).
///
/// `submit`, `post` and `wait_idle` end their wait when their thread is asked to stop. `shutdown`, the destructor,
/// `map` and `invoke` own what they wait for, and go on.
///
/// In a task that the end waits for `this_thread::stop_requested()` is true once the end has begun, and its waits of
/// curfew's end early from then on. An `abandon` task is a daemon that nobody told to listen: it is not asked.
///
/// Danger: a task that waits for the future of another of its pool keeps its worker; when all do there is nobody left
/// to run the others. Use `invoke` and `map`, which work while they wait. What `thread_local` objects a task leaves
/// behind, the next task on that worker finds.
///
/// | call        | open         | shut down       | phase `frozen`     | from a task of its own                   |
/// |-------------|--------------|-----------------|--------------------|------------------------------------------|
/// | `submit`    | taken        | `pool_closed`   | `exit_in_progress` | taken                                    |
/// | `map`       | parallel     | calling thread  | calling thread     | parallel                                 |
/// | `wait_idle` | waits        | waits           | does not wait      | `resource_deadlock_would_occur`          |
/// | `shutdown`  | closes       | waits for it    | does not wait      | the same, closed anyway                  |
/// | destructor  | runs all     | waits for it    | does not wait      | closes, says so on stderr, does not wait |
///
/// A thread from outside is as a task of the pool while workers may wait for it: inside of `map` and `invoke`.
///
/// Thread safety: every call but the destructor from any thread, at once. Nothing here is for signal handlers. In the
/// child of a fork the pool is empty: it has no workers, starts new ones, and none of the parent's tasks are run.
class CURFEW_API thread_pool {
 public:
  explicit thread_pool(const pool_options& options = {.created_at = source::here()});
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  /// As `shutdown()`: what is queued is run and waited for (`abandon`: dropped if it has not begun, left alone if it
  /// has), and so is what these tasks submit meanwhile, unless `shutdown()` was called before.
  /// Destroying a pool while another thread is in one of its calls ends the program, with a line on stderr that says so
  /// and std::terminate; except in phase `frozen`. A daemon that waits in `submit`, `post` or `wait_idle` is frozen
  /// there for good instead, with a line.
  ~thread_pool();

  /// Calls `f(args...)` on decayed copies on a worker. The future gets what it returns or throws, or `task_dropped`.
  /// When it does, the copies are destroyed.
  /// Errors: `pool_closed`; `exit_in_progress` in phase `frozen`; `resource_unavailable_try_again` when there is no
  /// worker and the system gives none. Then nothing is left behind.
  ///
  /// Where the queue is full this waits for room, but not longer than until the calling thread is asked to stop (by the
  /// given token, or else the one of the curfew thread it runs on): the task is dropped then, unless the end of the
  /// program has begun, which takes `finish` tasks without a limit.
  template <detail::callable_of_task F, class... Args>
  [[nodiscard]] auto submit(F&& f, Args&&... args) {
    return submit_until(nullptr, at_exit::finish, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  [[nodiscard]] auto submit(at_exit kind, F&& f, Args&&... args) {
    return submit_until(nullptr, kind, std::forward<F>(f), std::forward<Args>(args)...);
  }
  /// `given` is what is given to the others: perhaps a kind, the function, its arguments.
  template <class... Given>
  [[nodiscard]] auto submit(const std::stop_token& stop, Given&&... given) {
    return submit_until(&stop, std::forward<Given>(given)...);
  }

  /// The same, for a task whose result nobody wants. False: it was dropped, because the end has begun or the thread was
  /// asked to stop.
  template <detail::callable_of_task F, class... Args>
  bool post(F&& f, Args&&... args) {
    return post_until(nullptr, detail::steady_time::max(), at_exit::finish, std::forward<F>(f),
                      std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  bool post(at_exit kind, F&& f, Args&&... args) {
    return post_until(nullptr, detail::steady_time::max(), kind, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class... Given>
  bool post(const std::stop_token& stop, Given&&... given) {
    return post_until(&stop, detail::steady_time::max(), std::forward<Given>(given)...);
  }
  /// The same without waiting for room in the queue, or up to a limit: false, too, when there is none. Negative and
  /// zero poll once; a duration too large to count is for ever.
  template <detail::callable_of_task F, class... Args>
  bool try_post(F&& f, Args&&... args) {
    return post_until(nullptr, detail::at_once, at_exit::finish, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  bool try_post(at_exit kind, F&& f, Args&&... args) {
    return post_until(nullptr, detail::at_once, kind, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class Rep, class Period, class... Given>
  bool try_post_for(const std::chrono::duration<Rep, Period>& limit, Given&&... given) {
    return post_until(nullptr, detail::steady_deadline(limit), std::forward<Given>(given)...);
  }
  template <class Rep, class Period, class... Given>
  bool try_post_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit, Given&&... given) {
    return post_until(&stop, detail::steady_deadline(limit), std::forward<Given>(given)...);
  }
  template <class Clock, class Duration, class... Given>
  bool try_post_until(const std::chrono::time_point<Clock, Duration>& at, Given&&... given) {
    return post_until(nullptr, detail::steady_moment(at), std::forward<Given>(given)...);
  }
  template <class Clock, class Duration, class... Given>
  bool try_post_until(const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at,
                      Given&&... given) {
    return post_until(&stop, detail::steady_moment(at), std::forward<Given>(given)...);
  }

  /// Calls `f(item)` for each item of a random-access range, on the workers and the calling thread, and returns when
  /// all are done: a `std::vector` of the results in the order of the items, or nothing when `f` returns nothing.
  /// Results are default-constructed first, then assigned. The first exception, in the order of the items, is rethrown;
  /// items that have not begun by then may be left out. Its parts are of the calling thread's kind: a daemon's are
  /// frozen with it, others are waited for.
  ///
  /// Danger: whoever waits here does other items meanwhile: a thread from outside those of its own call, a task those
  /// of all calls. So nobody may hold a lock here that these items take. The same for `invoke`.
  template <detail::indexed_range Range, class F>
  auto map(Range&& items, F&& f);

  /// Calls both, perhaps at the same time, and returns when both are done: for work that divides itself. When `f`
  /// throws, a `g` that has not begun is not called. The exception of `f` goes before that of `g`. A `g` that has ended
  /// another thread (pthread_exit) is a `std::future_error`, `broken_promise`. In the child of a fork that `f` makes, a
  /// `g` that another thread had begun is called once more, there.
  template <class F, class G>
  void invoke(F&& f, G&& g) {
    detail::both(*state_, f, g);
  }

  /// Waits until nothing is queued and nothing runs, `abandon` tasks not counted. False: a stop was requested (of the
  /// given token, or else of the calling curfew thread), the limit has passed, or in phase `frozen` it is not so.
  /// Errors: `resource_deadlock_would_occur` from a task of this pool.
  bool wait_idle() { return wait_idle_until_steady(nullptr, detail::steady_time::max()) == detail::wait_end::ready; }
  bool wait_idle(const std::stop_token& stop) {
    return wait_idle_until_steady(&stop, detail::steady_time::max()) == detail::wait_end::ready;
  }
  template <class Rep, class Period>
  bool wait_idle_for(const std::chrono::duration<Rep, Period>& limit) {
    return wait_idle_until_steady(nullptr, detail::steady_deadline(limit)) == detail::wait_end::ready;
  }
  template <class Rep, class Period>
  bool wait_idle_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return wait_idle_until_steady(&stop, detail::steady_deadline(limit)) == detail::wait_end::ready;
  }
  template <class Clock, class Duration>
  bool wait_idle_until(const std::chrono::time_point<Clock, Duration>& at) {
    return wait_idle_until_any(nullptr, at);
  }
  template <class Clock, class Duration>
  bool wait_idle_until(const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at) {
    return wait_idle_until_any(&stop, at);
  }

  /// The pool takes no tasks any more. Those that are queued are run, or dropped; `abandon` tasks that have not begun
  /// are dropped, those that have are left alone. May be called again, to wait. Errors: `resource_deadlock_would_occur`
  /// for a task of this pool that would wait for itself; the pool is closed.
  void shutdown(shutdown_options options = {});

  [[nodiscard]] pool_counts counts() const noexcept;
  [[nodiscard]] const std::string& name() const noexcept;

 private:
  template <class F, class... Args>
  auto submit_until(detail::stop_choice stop, at_exit kind, F&& f, Args&&... args) {
    using task = detail::submitted_task<detail::call<std::decay_t<F>, std::decay_t<Args>...>>;
    task* const made = detail::make_task<task>(kind, std::forward<F>(f), std::forward<Args>(args)...);
    auto future = made->promise.get_future();
    give(made, stop, detail::steady_time::max());
    return future;
  }
  template <detail::callable_of_task F, class... Args>
  auto submit_until(detail::stop_choice stop, F&& f, Args&&... args) {
    return submit_until(stop, at_exit::finish, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  bool post_until(detail::stop_choice stop, detail::steady_time deadline, at_exit kind, F&& f, Args&&... args) {
    using task = detail::posted_task<detail::call<std::decay_t<F>, std::decay_t<Args>...>>;
    return give(detail::make_task<task>(kind, std::forward<F>(f), std::forward<Args>(args)...), stop, deadline);
  }
  template <detail::callable_of_task F, class... Args>
  bool post_until(detail::stop_choice stop, detail::steady_time deadline, F&& f, Args&&... args) {
    return post_until(stop, deadline, at_exit::finish, std::forward<F>(f), std::forward<Args>(args)...);
  }
  /// Owns the task, whatever happens. True: it was taken.
  bool give(detail::task*, detail::stop_choice, detail::steady_time deadline);

  friend class asio_executor;
  template <class F>
  void post_or_drop(at_exit kind, F&& f) {
    using task = detail::posted_task<detail::call<std::decay_t<F>>>;
    give_or_drop(detail::make_task<task>(kind, std::forward<F>(f)));
  }
  /// The same for who cannot catch what `give` throws.
  void give_or_drop(detail::task*);

  detail::wait_end wait_idle_until_steady(detail::stop_choice, detail::steady_time);
  template <class At>
  bool wait_idle_until_any(detail::stop_choice stop, const At& at) {
    return detail::wait_to(at, [&](detail::steady_time slice) { return wait_idle_until_steady(stop, slice); }) ==
           detail::wait_end::ready;
  }

  detail::pool_state* state_;
};

template <detail::indexed_range Range, class F>
auto thread_pool::map(Range&& items, F&& f) {
  const auto size = static_cast<std::size_t>(std::size(items));
  const auto first = std::begin(items);
  using step = std::iter_difference_t<decltype(std::begin(items))>;
  using result = std::remove_cvref_t<std::invoke_result_t<F&, std::iter_reference_t<decltype(std::begin(items))>>>;
  if constexpr (std::is_void_v<result>) {
    auto part = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i != to; ++i) std::invoke(f, first[static_cast<step>(i)]);
    };
    if (size != 0) detail::in_parts(*state_, 0, size, detail::part_size(*state_, size), part);
  } else if constexpr (std::is_same_v<result, bool>) {
    const auto each = std::make_unique<bool[]>(size);  // neighbours in a vector<bool> share bytes
    auto part = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i != to; ++i) each[i] = std::invoke(f, first[static_cast<step>(i)]);
    };
    if (size != 0) detail::in_parts(*state_, 0, size, detail::part_size(*state_, size), part);
    return std::vector<bool>(each.get(), each.get() + size);
  } else {
    std::vector<result> results(size);
    auto part = [&f, first, to_here = results.data()](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i != to; ++i) to_here[i] = std::invoke(f, first[static_cast<step>(i)]);
    };
    if (size != 0) detail::in_parts(*state_, 0, size, detail::part_size(*state_, size), part);
    return results;
  }
}

}  // namespace v1
}  // namespace curfew
