// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/forward.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

namespace curfew {
inline namespace v1 {
namespace detail {

/// Counts the tasks that use an object, from when they are made until they are destroyed, so that the object can wait
/// until it is used no more.
class CURFEW_API task_count {
 public:
  task_count() noexcept;
  task_count(const task_count&) = delete;
  task_count& operator=(const task_count&) = delete;

  /// Waits until there is none. Does not in phase `frozen`, where those that are left are frozen for good. The child
  /// of a fork has none of its parent's. Terminates the program, after a line on stderr that begins with `what`, on a
  /// thread that runs one of them: it would wait for itself.
  void wait_for_none(const char* what) noexcept;

  /// A task, counted as long as this exists. It is moved about with its task.
  class member {
   public:
    explicit member(task_count& of) noexcept : of_(&of), generation_(of.add()) {}
    member(member&& other) noexcept : of_(std::exchange(other.of_, nullptr)), generation_(other.generation_) {}
    member& operator=(member&&) = delete;
    ~member() {
      if (of_ != nullptr) of_->remove(generation_);
    }

   private:
    friend task_count;
    task_count* of_;
    std::uint32_t generation_;
  };

  /// The calling thread runs a task, as long as this exists.
  class CURFEW_API running {
   public:
    explicit running(const member&) noexcept;
    ~running();
    running(const running&) = delete;
    running& operator=(const running&) = delete;

   private:
    friend task_count;
    const task_count* of_;
    const running* outer_;
  };

 private:
  [[nodiscard]] bool is_of_this_process() const noexcept;
  /// In which generation of forked processes.
  std::uint32_t add() noexcept;
  void remove(std::uint32_t generation) noexcept;

  std::atomic<std::uint32_t> generation_;
  /// The upper bit: somebody waits.
  std::atomic<std::uint32_t> count_{0};
};

/// A callable that is counted until it is destroyed.
template <class F>
struct counted_call {
  task_count::member counted;  // first: it outlives the callable
  F call;

  void operator()() && {
    const task_count::running now(counted);
    std::move(call)();
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace curfew
