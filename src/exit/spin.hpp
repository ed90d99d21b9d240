// SPDX-License-Identifier: Apache-2.0
// A destructor that spins: on a lock built on atomics that a frozen thread holds, or until such a thread has done
// something. It runs all the time, like one that computes, but its registers go round in a loop.
#pragma once

#include "os/freeze.hpp"
#include "os/tasks.hpp"

#include <curfew/detail/timeout.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace curfew::inline v1::detail {

/// Looks at a thread that runs, from outside. Allocates nothing.
class spin_detector {
 public:
  /// Call it every few milliseconds, up to about ten. Returns true if for a quarter of a second the thread was found
  /// with only a few sets of registers, again and again, never in a system call except sched_yield, and none of the
  /// registers points to memory that other processes share. A thread that computes has a counter, an address or a value
  /// that changes. Each look costs the thread a signal once it has run for a while.
  bool look(pid_t tid, const os::task_status&, steady_time now) noexcept;

 private:
  void begin_again(steady_time now, std::chrono::nanoseconds patience) noexcept;
  bool add(std::uint64_t fingerprint) noexcept;

  std::array<std::uint64_t, 32> seen_{};
  std::size_t distinct_ = 0;
  unsigned samples_ = 0;
  steady_time sampling_since_{};
  steady_time runs_since_{};
  std::chrono::nanoseconds patience_{0};
};

}  // namespace curfew::inline v1::detail
