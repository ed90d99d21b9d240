// SPDX-License-Identifier: Apache-2.0
// Is the exiting thread waiting for what only a frozen thread could give? Under `curfew run` the frozen threads are
// then thawed: a destructor or exit handler that stops a detached thread and waits for it is sound. docs/run.md has the
// rules.
#pragma once

#include "os/clock.hpp"
#include "os/tasks.hpp"
#include "os/waits.hpp"

#include <array>

namespace curfew::inline v1::detail {

/// One thread as seen from outside, look after look.
class observed_thread {
 public:
  observed_thread() noexcept = default;
  explicit observed_thread(pid_t tid) noexcept : tid_(tid) {}
  [[nodiscard]] pid_t tid() const noexcept { return tid_; }
  /// Returns false if the thread is gone.
  bool look(steady_time now) noexcept;

  /// Has it been in the same sleep for so long that this is no short one?
  [[nodiscard]] bool is_still(steady_time now) const noexcept;
  /// Does it sleep again and again at the same places and do nothing else? Then it polls for something to happen.
  [[nodiscard]] bool is_polling(steady_time now) const noexcept;
  [[nodiscard]] const os::task_status& status() const noexcept { return last_; }
  [[nodiscard]] os::sleep_facts facts(std::chrono::nanoseconds soon) const noexcept {
    return os::facts_of_sleep(last_, soon);
  }

 private:
  struct place {
    std::uint64_t stack_pointer = 0;
    std::uint64_t code = 0;
  };
  void begin_again(steady_time now) noexcept;

  pid_t tid_ = 0;
  os::task_status last_;
  int same_ = 0;  ///< looks that found the same sleep
  steady_time same_since_{};
  // Since when it has slept at these places only.
  std::array<place, 4> places_{};
  unsigned place_count_ = 0;
  unsigned looks_ = 0;
  unsigned awake_ = 0;
  unsigned sleeps_ = 0;
  steady_time places_since_{};
  std::uint64_t sleeps_then_ = 0;
  os::task_work work_then_;
};

class stall_detector {
 public:
  /// Call it every few milliseconds. Returns true if the exiting thread, or one that it waits for, waits for something
  /// that only frozen threads could give.
  bool look(pid_t exiting, steady_time now) noexcept;
  /// Was it found waiting for another thread, whichever that may be?
  [[nodiscard]] bool waits() const noexcept { return waits_; }
  void begin_again() noexcept { *this = {}; }

 private:
  enum class answer { no, perhaps, yes };
  bool is_waiting(const observed_thread&, steady_time now) const noexcept;
  answer can_come_from_frozen_only(const observed_thread& waiting, steady_time now, int depth) noexcept;
  answer nobody_else_could(pid_t waiting, steady_time now) noexcept;
  observed_thread* observe(pid_t tid, steady_time now) noexcept;

  observed_thread exiting_;
  bool waits_ = false;
  steady_time waits_since_{};
  std::array<observed_thread, 64> others_{};
  unsigned other_count_ = 0;
};

/// The thread that a futex wait is for, as far as the C library's layouts tell; 0 if they do not.
pid_t awaited_thread(const os::task_status&) noexcept;

/// Measures for how long no thread of the process has done anything.
class quiet_clock {
 public:
  /// Returns true if that is long enough to say that nothing will come: no thread's sleep ends by itself within `soon`,
  /// no timer is set, and no child runs.
  bool look(steady_time now, std::chrono::nanoseconds soon) noexcept;

 private:
  std::uint64_t activity_ = 0;
  steady_time since_{};
};

}  // namespace curfew::inline v1::detail
