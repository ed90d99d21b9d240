// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/counted_mutex.hpp>
#include <curfew/sync/condition.hpp>

#include <concepts>
#include <cstddef>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

namespace curfew {
inline namespace v1 {

/// A queue between threads, with or without a capacity. (Python: `queue.Queue`.)
///
///     curfew::blocking_queue<job> jobs(100);
///     jobs.push(j);                                          // waits for room; false: closed, or asked to stop
///     while (auto j = jobs.pop()) { run(*j); jobs.task_done(); }   // ends when closed and empty, or asked to stop
///     jobs.close();
///
/// A stop request ends every wait (a request to the given token, or else to the token of the curfew thread that waits).
/// A call that does not have to wait succeeds even if a stop was requested: `pop` returns an item that is there.
///
/// | call       | open, with items       | open, empty     | closed, with items | closed, empty   |
/// |------------|------------------------|-----------------|--------------------|-----------------|
/// | `push`     | waits for room if full | adds            | returns false      | returns false   |
/// | `pop`      | returns the first      | waits           | returns the first  | returns nothing |
/// | `try_pop`  | returns the first      | returns nothing | returns the first  | returns nothing |
/// | `close`    | closes                 | closes          | does nothing       | does nothing    |
///
/// If `push` does not add the item, the item is left as it was. `push` takes anything that converts implicitly to an
/// item; `emplace` takes anything from which an item can be constructed.
/// Limits: a limit of zero or less polls once; a duration too large to represent means no limit.
///
/// Errors: `std::system_error` with `invalid_argument` for a capacity of 0, `operation_not_permitted` for more calls of
/// `task_done` than there were items. An exception from copying, moving or allocating leaves the queue as it was,
/// except in `pop`: an item whose move throws stays first. Destroying a queue that a thread waits on does what `event`
/// describes: daemons are frozen there for good, including those that are leaving their wait; for other threads it is
/// an error.
///
/// Thread safety: all members but the destructor may be called by many threads at once. No daemon is frozen inside the
/// queue, unless the item's own code does not return, so static destructors may use it. A forked child can use it if no
/// other thread of the parent was inside it. Do not use it in signal handlers.
template <class T>
class blocking_queue {
 public:
  static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

  explicit blocking_queue(std::size_t capacity = unbounded) : capacity_(capacity) {
    if (capacity == 0)
      detail::misuse(std::errc::invalid_argument, "curfew: blocking_queue: the capacity must be at least 1");
  }
  blocking_queue(const blocking_queue&) = delete;
  blocking_queue& operator=(const blocking_queue&) = delete;
  ~blocking_queue() {
    if (detail::daemons_are_frozen()) return;
    locked lock(mutex_);
    destroyed_ = true;
    if (inside_ == 0) return;
    inside_ -= detail::end_of_addresses({&ready_, &room_, &done_}, "a blocking_queue");
    // Threads that were woken before that come out, and find the queue destroyed.
    const auto since = std::chrono::steady_clock::now();
    while (inside_ != 0 && !detail::only_frozen_are_inside(since)) {
      lock.unlock();
      detail::let_others_run();
      lock.lock();
    }
  }

  /// Returns true if the item was added, and false if the queue is closed, a stop was requested, or the limit has
  /// passed.
  template <class Item = T>
  requires std::convertible_to<Item, T>
  bool push(Item&& item) {
    return add([&](auto& l, auto has) { return room_.wait(l, has); }, std::forward<Item>(item));
  }
  template <class Item = T>
  requires std::convertible_to<Item, T>
  bool push(Item&& item, const std::stop_token& stop) {
    return add([&](auto& l, auto has) { return room_.wait(l, stop, has); }, std::forward<Item>(item));
  }
  template <class Item = T, class Rep, class Period>
  requires std::convertible_to<Item, T>
  bool push_for(Item&& item, const std::chrono::duration<Rep, Period>& limit) {
    return add([&](auto& l, auto has) { return room_.wait_for(l, limit, has); }, std::forward<Item>(item));
  }
  template <class Item = T, class Rep, class Period>
  requires std::convertible_to<Item, T>
  bool push_for(Item&& item, const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return add([&](auto& l, auto has) { return room_.wait_for(l, stop, limit, has); }, std::forward<Item>(item));
  }
  template <class Item = T, class Clock, class Duration>
  requires std::convertible_to<Item, T>
  bool push_until(Item&& item, const std::chrono::time_point<Clock, Duration>& at) {
    return add([&](auto& l, auto has) { return room_.wait_until(l, at, has); }, std::forward<Item>(item));
  }
  template <class Item = T, class Clock, class Duration>
  requires std::convertible_to<Item, T>
  bool push_until(Item&& item, const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at) {
    return add([&](auto& l, auto has) { return room_.wait_until(l, stop, at, has); }, std::forward<Item>(item));
  }
  /// Does the same as `push`, with an item that is constructed in place from `args`.
  template <class... Args>
  requires std::constructible_from<T, Args...>
  bool emplace(Args&&... args) {
    return add([&](auto& l, auto has) { return room_.wait(l, has); }, std::forward<Args>(args)...);
  }
  /// Does not wait.
  template <class Item = T>
  requires std::convertible_to<Item, T>
  bool try_push(Item&& item) {
    return add([](auto&, auto has) { return has(); }, std::forward<Item>(item));
  }

  /// Returns the first item, or nothing if the queue is closed and empty, a stop was requested, or the limit has
  /// passed.
  [[nodiscard]] std::optional<T> pop() {
    return take([&](auto& l, auto has) { return ready_.wait(l, has); });
  }
  [[nodiscard]] std::optional<T> pop(const std::stop_token& stop) {
    return take([&](auto& l, auto has) { return ready_.wait(l, stop, has); });
  }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> pop_for(const std::chrono::duration<Rep, Period>& limit) {
    return take([&](auto& l, auto has) { return ready_.wait_for(l, limit, has); });
  }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> pop_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return take([&](auto& l, auto has) { return ready_.wait_for(l, stop, limit, has); });
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<T> pop_until(const std::chrono::time_point<Clock, Duration>& at) {
    return take([&](auto& l, auto has) { return ready_.wait_until(l, at, has); });
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<T> pop_until(const std::stop_token& stop,
                                           const std::chrono::time_point<Clock, Duration>& at) {
    return take([&](auto& l, auto has) { return ready_.wait_until(l, stop, at, has); });
  }
  /// Does not wait.
  [[nodiscard]] std::optional<T> try_pop() {
    return take([](auto&, auto has) { return has(); });
  }

  /// Closes the queue: nothing can be added any more, and what is there can still be taken. Ends the waits that can no
  /// longer succeed.
  void close() noexcept {
    const locked lock(mutex_);
    closed_ = true;
    ready_.notify_all();
    room_.notify_all();
  }
  [[nodiscard]] bool closed() const noexcept {
    const locked lock(mutex_);
    return closed_;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    const locked lock(mutex_);
    return items_.size();
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// Tells `join` that the work on one item is done.
  void task_done() {
    bool too_often;
    {
      const locked lock(mutex_);
      too_often = unfinished_ == 0;
      if (!too_often && --unfinished_ == 0) done_.notify_all();
    }
    if (too_often)
      detail::misuse(std::errc::operation_not_permitted,
                     "curfew: blocking_queue::task_done was called more often than items were pushed");
  }
  /// Waits until `task_done` has been called once for each item that was added. Returns false if a stop was requested
  /// or the limit has passed.
  bool join() {
    return wait_until_done([&](auto& l, auto done) { return done_.wait(l, done); });
  }
  bool join(const std::stop_token& stop) {
    return wait_until_done([&](auto& l, auto done) { return done_.wait(l, stop, done); });
  }
  template <class Rep, class Period>
  bool join_for(const std::chrono::duration<Rep, Period>& limit) {
    return wait_until_done([&](auto& l, auto done) { return done_.wait_for(l, limit, done); });
  }
  template <class Rep, class Period>
  bool join_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return wait_until_done([&](auto& l, auto done) { return done_.wait_for(l, stop, limit, done); });
  }
  template <class Clock, class Duration>
  bool join_until(const std::chrono::time_point<Clock, Duration>& at) {
    return wait_until_done([&](auto& l, auto done) { return done_.wait_until(l, at, done); });
  }
  template <class Clock, class Duration>
  bool join_until(const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at) {
    return wait_until_done([&](auto& l, auto done) { return done_.wait_until(l, stop, at, done); });
  }

 private:
  using locked = std::unique_lock<detail::counted_mutex>;

  /// Waits if it must, and meanwhile counts the thread as one that will come back into the queue. A daemon freezes
  /// instead of coming back if the queue was destroyed.
  template <class Wait, class Predicate>
  bool wait_inside(locked& lock, Wait& wait, Predicate predicate) {
    freeze_if_destroyed(lock);
    if (predicate()) return true;
    struct counted {
      std::size_t& inside;
      explicit counted(std::size_t& i) : inside(i) { ++inside; }
      counted(const counted&) = delete;
      counted& operator=(const counted&) = delete;
      ~counted() { --inside; }
    };
    const bool answer = [&] {
      const counted in(inside_);
      // One that was woken for nothing waits again, and nobody would wake it.
      return wait(lock, [&] { return (destroyed_ && detail::is_on_daemon()) || predicate(); });
    }();
    freeze_if_destroyed(lock);
    return answer;
  }
  /// A daemon that comes, or comes back, while the destructor waits for those inside: it is one of those that are left.
  void freeze_if_destroyed(locked& lock) {
    if (!destroyed_ || !detail::is_on_daemon()) return;
    lock.unlock();
    detail::freeze_this_thread();
  }

  template <class Wait>
  bool wait_until_done(Wait wait) {
    locked lock(mutex_);
    return wait_inside(lock, wait, [this] { return unfinished_ == 0; });
  }

  /// A thread that was woken and then throws wakes the next one, because it may be the only one that was notified.
  struct passes_on {
    condition* unused;
    ~passes_on() {
      if (unused != nullptr) unused->notify_one();
    }
  };

  template <class Wait, class... Args>
  bool add(Wait wait, Args&&... args) {
    locked lock(mutex_);
    if (!wait_inside(lock, wait, [this] { return closed_ || items_.size() < capacity_; }) || closed_) return false;
    passes_on room{&room_};
    items_.emplace_back(std::forward<Args>(args)...);
    room.unused = nullptr;
    ++unfinished_;
    ready_.notify_one();
    return true;
  }

  template <class Wait>
  std::optional<T> take(Wait wait) {
    std::optional<T> item;
    locked lock(mutex_);
    if (!wait_inside(lock, wait, [this] { return closed_ || !items_.empty(); }) || items_.empty()) return item;
    passes_on first{&ready_};
    item.emplace(std::move(items_.front()));
    items_.pop_front();
    first.unused = nullptr;
    room_.notify_one();
    return item;
  }

  const std::size_t capacity_;
  mutable detail::counted_mutex mutex_;
  condition ready_, room_, done_;
  std::deque<T> items_;
  std::size_t unfinished_ = 0;
  std::size_t inside_ = 0;  ///< threads that wait, or have waited and are to take the lock again
  bool closed_ = false;
  bool destroyed_ = false;
};

}  // namespace v1
}  // namespace curfew
