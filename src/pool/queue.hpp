// SPDX-License-Identifier: Apache-2.0
// Tasks that wait: in the pool's list, and the first of them where workers take them without a lock.
#pragma once

#include <curfew/detail/task.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace curfew::inline v1::detail {

/// First in, first out. Owns nothing.
struct task_list {
  task* first = nullptr;
  task* last = nullptr;
  std::size_t size = 0;

  void push(task* t) noexcept {
    t->next = nullptr;
    (last != nullptr ? last->next : first) = t;
    last = t;
    ++size;
  }
  void push_front(task* t) noexcept {
    t->next = first;
    first = t;
    if (last == nullptr) last = t;
    ++size;
  }
  task* pop() noexcept {
    task* const t = first;
    if (t == nullptr) return nullptr;
    first = t->next;
    if (first == nullptr) last = nullptr;
    --size;
    return t;
  }
  void append(task_list& other) noexcept {
    if (other.first == nullptr) return;
    (last != nullptr ? last->next : first) = other.first;
    last = other.last;
    size += std::exchange(other.size, 0);
    other.first = other.last = nullptr;
  }
  /// Moves those of which `wanted` is true.
  template <class Wanted>
  void move_to(task_list& to, Wanted wanted) noexcept {
    task_list all = std::exchange(*this, {});
    while (task* const t = all.pop()) (wanted(*t) ? to : *this).push(t);
  }
};

/// The first tasks of a pool, put here together, so that workers need not come to the list for each. It is everybody's:
/// a worker's own would keep the tasks in it behind the one that the worker runs.
class task_batch {
 public:
  static constexpr std::size_t capacity = 32;

  task* pop() noexcept {
    std::uint64_t at = range_.load(std::memory_order_acquire);
    while (next(at) != end(at)) {
      task* const t = tasks_[next(at)].load(std::memory_order_relaxed);
      // A batch that was filled anew meanwhile has another number in its upper half.
      if (range_.compare_exchange_weak(at, at + 1, std::memory_order_acq_rel, std::memory_order_acquire)) return t;
    }
    return nullptr;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    const std::uint64_t at = range_.load(std::memory_order_relaxed);
    return static_cast<std::size_t>(end(at) - next(at));
  }
  /// With tasks that come before the one with that number. Under the pool's lock, when it is empty.
  void fill(task_list& from, std::uint64_t before) noexcept {
    std::size_t count = 0;
    for (; count < capacity && from.first != nullptr && from.first->number < before; ++count)
      tasks_[count].store(from.pop(), std::memory_order_relaxed);
    if (count == 0) return;
    const std::uint64_t number = (range_.load(std::memory_order_relaxed) >> 32) + 1;
    range_.store((number << 32) | (count << 16), std::memory_order_release);
  }
  /// When nobody else is there: in the child of a fork.
  void forget() noexcept { range_.store(0); }

 private:
  static std::uint64_t next(std::uint64_t range) noexcept { return range & 0xffff; }
  static std::uint64_t end(std::uint64_t range) noexcept { return (range >> 16) & 0xffff; }

  alignas(64) std::atomic<std::uint64_t> range_{0};
  std::atomic<task*> tasks_[capacity] = {};
};

}  // namespace curfew::inline v1::detail
