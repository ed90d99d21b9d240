// SPDX-License-Identifier: Apache-2.0
// A pool of named workers. Each task says what the end of the program does with it.
#pragma once

#include <curfew/detail/fork_join.hpp>
#include <curfew/detail/parking.hpp>
#include <curfew/detail/task.hpp>
#include <curfew/detail/task_result.hpp>
#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/pool/future.hpp>
#include <curfew/source.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <curfew/detail/function.hpp>
#include <curfew/detail/shared_ptr.hpp>
#include <iterator>
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

/// What the end of the program does with a task. Each task has its own choice:
///
/// | task      | not yet started when the end begins | running | submitted in draining, stopping | in frozen |
/// |-----------|-------------------------------------|---------|---------------------------------|-----------|
/// | `finish`  | run, and waited for | waited for | run, and waited for | `exit_in_progress` |
/// | `skip`    | dropped | waited for | dropped | `exit_in_progress` |
/// | `abandon` | dropped | goes on until it is frozen, as a daemon | dropped | `exit_in_progress` |
///
/// The end begins when the before-wait hooks have run; tasks that such a hook submits run as usual. It does not matter
/// which thread submits: main, a regular thread, a daemon, a task, or an after-wait hook. Static destructors and
/// `atexit` handlers run in phase `frozen`. The future of a dropped task holds `task_dropped`; `post` returns false.
///
/// If `abandon` tasks occupy all workers, or the workers have called `std::exit`, a `finish` task gets a worker of its
/// own when the end begins: it never waits for something that the end does not wait for.
enum class at_exit : unsigned char {
  /// The default, and Python's rule. Danger: like a regular thread, a task that never ends keeps the program from
  /// ending.
  finish,
  /// For work that is only worth doing while the program goes on: caches, statistics.
  skip,
  /// For work that may block for ever. Danger: like a daemon, the task can be frozen at any point; put a shield around
  /// work that must not be interrupted halfway. Its thread is a daemon while the task runs, and so are the threads that
  /// the task starts.
  abandon,
};

[[nodiscard]] CURFEW_API const char* to_string(at_exit) noexcept;

/// The future of a task holds this if the task was dropped before it began: by the end of the program, by
/// `shutdown({.cancel_pending = true})`, or because the submitting thread was asked to stop while the queue was full.
/// `code()` is `std::errc::operation_canceled`. (Python: `CancelledError`.)
class CURFEW_API task_dropped : public std::system_error {
 public:
  task_dropped();
  ~task_dropped() override;
};

/// A pool throws this if it takes no more tasks, because it was shut down or because its initialiser has thrown.
/// `code()` is `std::errc::operation_not_permitted`. (Python: "cannot schedule new futures after shutdown".)
class CURFEW_API pool_closed : public std::system_error {
 public:
  explicit pool_closed(const char* what);
  ~pool_closed() override;
};

struct pool_options {
  /// Workers are called "name-1", "name-2", …. Default: "pool-N".
  std::string_view name{};
  /// The maximum number of workers; the pool starts them when there is work for them. Default: as many as the machine
  /// can run at once. Zero or less throws `invalid_argument`.
  std::optional<int> workers{};
  /// How many workers stay when there is nothing to do; the others end after `idle`. Default: all of them (a pool of
  /// fixed size). A negative value, or more than `workers`, throws `invalid_argument`.
  std::optional<int> keep{};
  /// How long a worker above `keep` waits for work before it ends. A negative value throws `invalid_argument`.
  std::chrono::milliseconds idle{10000};
  /// How many tasks may wait for a worker. When the queue is full, `submit` and `post` wait until there is room or
  /// until their thread is asked to stop, and `try_post` returns false. The limit does not apply to the pool's own
  /// tasks, which would wait for themselves. Default: no limit. Zero or less throws `invalid_argument`.
  std::optional<int> queue_limit{};
  /// Called on each worker before its first task. If it throws, the exception goes to the exception hook, and the pool
  /// drops the tasks that wait and takes no more (`pool_closed`). If it ends its thread (pthread_exit), the same
  /// happens without the hook.
  std::function<void()> initialiser{};
  /// The stack size of each worker, in bytes; 0 means the system's default.
  std::size_t stack_size = 0;
  /// Where the pool is made, for reports on its workers. The compiler fills it in.
  source created_at = source::here();
};

/// How `shutdown` treats queued tasks, and whether it waits.
struct shutdown_options {
  bool wait = true;             ///< wait until the workers have ended, including their `thread_local` destructors
  bool cancel_pending = false;  ///< drop the tasks that have not begun
};

/// What a pool does at the moment of the call.
struct pool_counts {
  std::size_t workers = 0;  ///< threads, including those that are starting
  std::size_t running = 0;  ///< tasks that have begun, or are about to
  std::size_t queued = 0;   ///< tasks that have not begun
};

namespace detail {
/// The function of a task, as opposed to the kind or the token before it.
template <class F>
concept callable_of_task =
    !std::same_as<std::remove_cvref_t<F>, at_exit> && !std::same_as<std::remove_cvref_t<F>, std::stop_token>;
/// The deadline of a call that does not wait.
inline constexpr steady_time at_once = steady_time::min();
}  // namespace detail

/// A pool of workers.
///
///     curfew::thread_pool pool({.name = "images", .workers = 4});
///     curfew::future<image> small = pool.submit(shrink, big);
///     pool.post(curfew::at_exit::skip, [] { refresh_cache(); });
///     std::vector<image> all = pool.map(paths, load);
///
/// Workers are regular threads: the end of the program waits for them, and they end once there is no work. You need not
/// shut down a pool for the program to end, whether the pool is local, static, or leaked. Tasks start in the order in
/// which they were submitted. An exception from a task goes to its future or, if the task was posted, to the exception
/// hook; the worker goes on (`thread_exit` ends the task quietly).
///
/// `submit`, `post` and `wait_idle` end their wait when their thread is asked to stop. `shutdown`, the destructor,
/// `map` and `invoke` own what they wait for, and keep waiting.
///
/// In a task that the end waits for, `this_thread::stop_requested()` is true once the end has begun, and from then on
/// the task's waits in curfew's objects end early. An `abandon` task is not asked to stop.
///
/// Danger: a task that waits for the future of another task of its pool occupies its worker; if all workers do that,
/// none is left to run the others. Use `invoke` and `map`, which work while they wait. `thread_local` objects stay from
/// one task to the next on the same worker.
///
/// | call        | open         | shut down       | phase `frozen`     | from a task of its own                   |
/// |-------------|--------------|-----------------|--------------------|------------------------------------------|
/// | `submit`    | taken        | `pool_closed`   | `exit_in_progress` | taken                                    |
/// | `map`       | parallel     | calling thread  | calling thread     | parallel                                 |
/// | `wait_idle` | waits        | waits           | does not wait      | `resource_deadlock_would_occur`          |
/// | `shutdown`  | closes       | waits for it    | does not wait      | the same, closed anyway                  |
/// | destructor  | runs all     | waits for it    | does not wait      | closes, a line on stderr, does not wait  |
///
/// A thread that is not a worker counts as a task of the pool while it is in `map` or `invoke`, because workers may
/// wait for it.
///
/// Thread safety: any thread may make any call but the destructor at any time. Nothing here may be called in a signal
/// handler. In the child of a fork the pool is empty: it starts new workers, and runs none of the parent's tasks.
class CURFEW_API thread_pool {
 public:
  explicit thread_pool(const pool_options& options = {.created_at = source::here()});
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  /// Like `shutdown()`: runs the queued tasks and waits for them, drops `abandon` tasks that have not begun, and leaves
  /// alone those that have. Unless `shutdown()` was called before, it also runs what these tasks submit meanwhile.
  /// Destroying a pool while another thread is in one of its calls ends the program with a line on stderr and
  /// std::terminate, except in phase `frozen`. A daemon that waits in `submit`, `post` or `wait_idle` is frozen there
  /// for good instead, with a line on stderr.
  ~thread_pool();

  /// Calls `f(args...)` on decayed copies on a worker. The `curfew::future` that is returned (future.hpp; it turns into
  /// a `std::future`) gets what the call returns or throws, or `task_dropped`; the copies are destroyed before it is
  /// ready.
  /// Errors: `pool_closed`; `exit_in_progress` in phase `frozen`; `resource_unavailable_try_again` if there is no
  /// worker and the system cannot make a thread. After an error nothing is left behind.
  ///
  /// If the queue is full, the call waits until there is room or until the calling thread is asked to stop, through the
  /// given token or else that of the curfew thread it runs on. In the second case the task is dropped, unless the end
  /// of the program has begun: from then on the queue takes `finish` tasks without a limit.
  template <detail::callable_of_task F, class... Args>
  [[nodiscard]] auto submit(F&& f, Args&&... args) {
    return submit_until(nullptr, at_exit::finish, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  [[nodiscard]] auto submit(at_exit kind, F&& f, Args&&... args) {
    return submit_until(nullptr, kind, std::forward<F>(f), std::forward<Args>(args)...);
  }
  /// `given` are the arguments of the other forms: a kind (optional), the function, its arguments.
  template <class... Given>
  [[nodiscard]] auto submit(const std::stop_token& stop, Given&&... given) {
    return submit_until(&stop, std::forward<Given>(given)...);
  }

  /// The same, for a task without a result. Returns false if the task was dropped, because the end has begun or because
  /// the thread was asked to stop.
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
  /// The same, but `try_post` does not wait for room in the queue, and the other forms wait up to a limit. They also
  /// return false if there is no room. A limit of zero or less polls once; a duration too large to represent means no
  /// limit.
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
  /// all are done: a `std::vector` of the results in the order of the items, or nothing if `f` returns nothing. Results
  /// are default-constructed first, then assigned. The first exception, in the order of the items, is rethrown; items
  /// that have not begun by then may be left out. The parts have the kind of the calling thread: those of a daemon are
  /// frozen with it, and the exit waits for the others.
  ///
  /// Danger: a thread that waits here works on other items meanwhile: a task of this pool on those of all calls, any
  /// other thread on those of its own call. So do not hold a lock here that these items take. The same applies to
  /// `invoke`.
  template <detail::indexed_range Range, class F>
  auto map(Range&& items, F&& f);

  /// Calls `f` and `g`, perhaps at the same time, and returns when both are done. It is meant for work that divides
  /// itself. If `f` throws, a `g` that has not begun is not called. If both throw, the exception of `f` is rethrown. If
  /// `g` has ended another thread (pthread_exit), this throws `std::future_error` with `broken_promise`. In the child
  /// of a fork that `f` makes, a `g` that another thread had begun is called once more.
  template <class F, class G>
  void invoke(F&& f, G&& g) {
    detail::both(*state_, f, g);
  }

  /// Waits until no task is queued and none runs, not counting `abandon` tasks. Returns false if a stop was requested
  /// (through the given token, or else that of the calling curfew thread), if the limit has passed, or if tasks are
  /// left in phase `frozen`. Errors: `resource_deadlock_would_occur` in a task of this pool.
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

  /// Closes the pool: from now on it takes no tasks. It runs those that are queued, or drops them; it drops `abandon`
  /// tasks that have not begun, and leaves alone those that have. May be called again, to wait. Errors:
  /// `resource_deadlock_would_occur` in a task of this pool, which would wait for itself; the pool is closed all the
  /// same.
  void shutdown(shutdown_options options = {});

  [[nodiscard]] pool_counts counts() const noexcept;
  [[nodiscard]] const std::string& name() const noexcept;

 private:
  template <class F, class... Args>
  auto submit_until(detail::stop_choice stop, at_exit kind, F&& f, Args&&... args) {
    using task = detail::submitted_task<detail::call<std::decay_t<F>, std::decay_t<Args>...>>;
    task* const made = detail::make_task<task>(kind, std::forward<F>(f), std::forward<Args>(args)...);
    future<typename task::result> result(made);
    give(made, stop, detail::steady_time::max());
    return result;
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
  /// Takes ownership of the task, whatever happens. Returns true if the pool has taken it.
  bool give(detail::task*, detail::stop_choice, detail::steady_time deadline);

  friend class asio_executor;
  template <class F>
  void post_or_drop(at_exit kind, F&& f) {
    using task = detail::posted_task<detail::call<std::decay_t<F>>>;
    give_or_drop(detail::make_task<task>(kind, std::forward<F>(f)));
  }
  /// The same for callers that cannot catch what `give` throws.
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
      for (std::size_t i = from; i != to; ++i) detail::invoke(f, first[static_cast<step>(i)]);
    };
    if (size != 0) detail::in_parts(*state_, 0, size, detail::part_size(*state_, size), part);
  } else if constexpr (std::is_same_v<result, bool>) {
    const auto each = std::make_unique<bool[]>(size);  // neighbours in a vector<bool> share bytes
    auto part = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i != to; ++i) each[i] = detail::invoke(f, first[static_cast<step>(i)]);
    };
    if (size != 0) detail::in_parts(*state_, 0, size, detail::part_size(*state_, size), part);
    return std::vector<bool>(each.get(), each.get() + size);
  } else {
    std::vector<result> results(size);
    auto part = [&f, first, to_here = results.data()](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i != to; ++i) to_here[i] = detail::invoke(f, first[static_cast<step>(i)]);
    };
    if (size != 0) detail::in_parts(*state_, 0, size, detail::part_size(*state_, size), part);
    return results;
  }
}

}  // namespace v1
}  // namespace curfew
