// SPDX-License-Identifier: Apache-2.0
// curfew's own threads during an exit. They block all signals and do not count as threads of the program.
#pragma once

#include "os/futex.hpp"

#include <sys/types.h>

namespace curfew::inline v1::detail {

/// A thread that makes calls that may never return: it takes the C library's locks and writes out streams.
class probe_thread {
 public:
  /// Makes one. Returns null if no thread is available. Do not call it while threads are frozen, because making a
  /// thread takes locks.
  static probe_thread* make() noexcept;

  /// Makes the thread do `job`. Returns false if that was not done by `deadline`: it may never be, and this probe
  /// thread is then busy.
  bool run(void (*job)(), steady_time deadline) noexcept;
  /// Makes the thread do `job` once it has been idle until `at`; a later call takes the place of an earlier one. It
  /// counts as busy from then on until the job is done. Does not wait, and does nothing if the thread is busy then.
  void run_later(void (*job)(), steady_time at) noexcept;
  [[nodiscard]] bool busy() const noexcept { return done_.load() != posted_.load(); }
  /// The thread's id; 0 before it has begun.
  [[nodiscard]] pid_t id() const noexcept { return id_.load(); }
  /// Waits until it is no longer busy.
  bool wait_idle(steady_time deadline) const noexcept;

 private:
  static void* loop(void*);
  void (*next_job(std::uint32_t done) noexcept)();
  os::futex_word news_{0};    ///< changes with each call that the thread is to know of
  os::futex_word posted_{0};  ///< jobs given
  os::futex_word done_{0};    ///< jobs done
  std::atomic<void (*)()> job_{nullptr};
  std::atomic<void (*)()> later_job_{nullptr};
  std::atomic<steady_time> later_at_{os::forever};
  std::atomic<pid_t> id_{0};
};

struct exit_helper {
  const char* name;  ///< at most 15 bytes, beginning with "curfew-"
  void (*run)();
};
/// Makes a helper thread that calls `run` once. The argument must stay alive.
bool make_exit_helper(const exit_helper&) noexcept;

/// The calling thread counts as one of curfew's own from now on.
void register_helper() noexcept;
/// Is this one of curfew's own threads?
bool is_helper(pid_t tid) noexcept;
int helpers_made() noexcept;
/// Waits until each of them can be told from other threads. Returns false if `deadline` came first.
bool helpers_have_begun(steady_time deadline) noexcept;
void forget_helpers_after_fork() noexcept;

}  // namespace curfew::inline v1::detail
