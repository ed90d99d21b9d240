// SPDX-License-Identifier: Apache-2.0
// How far the exit has got, and who runs it.
#pragma once

#include "os/futex.hpp"

#include <curfew/exit.hpp>

#include <sys/types.h>

#include <atomic>
#include <optional>

namespace curfew::inline v1::detail {

enum class purpose : unsigned char {
  process_ends,
  main_leaves,   ///< an exit_guard of main's: the process is ending, but main's objects come first, then its exit
  host_goes_on,  ///< finish(): the main thread is not frozen, and the deadline ends no process
};

/// Constant-initialised and never destroyed.
struct exit_state {
  std::atomic<phase> now{phase::running};
  std::atomic<pid_t> runner{0};           ///< the thread that runs the exit, or finish()
  std::atomic<bool> steps_done{false};    ///< steps 2 to 6 are over
  std::atomic<bool> in_exit_call{false};  ///< the process is ending, not only finish() running
  std::atomic<bool> by_guard{false};      ///< so far by an exit_guard of main's, whose exit is still to come
  std::atomic<int> status{-1};            ///< the program's own, once known
  std::atomic<bool> end_at_once{
      false};  ///< no static destructors: a daemon is left that could not be frozen, or must not be
  std::atomic<bool> nothing_to_report{
      false};                                ///< a program that did not ask for it, and that never had a second thread
  std::atomic<bool> only_tasks_left{false};  ///< draining waits for pools' workers and for nobody else
  std::atomic<unsigned> frozen{0};           ///< how many threads are frozen for good
  std::atomic<unsigned> at_work{0};          ///< how many of them were in the middle of something; for `curfew run`
  std::atomic<unsigned> thawed{0};           ///< how many were thawed again: the second chance (exit/stall.hpp)
  std::atomic<steady_time> began{steady_time{}};
  std::atomic<steady_time> deadline{os::forever};
  std::atomic<steady_time> destructors_began{steady_time{}};
  std::atomic<bool> destructors_over{false};
};
extern constinit exit_state exit_now;

/// Are there frozen threads, or is the freeze under way? They stay when a host begins another life.
inline bool some_may_be_frozen() noexcept {
  return exit_now.now.load() == phase::frozen || exit_now.frozen.load() != 0;
}

/// Has the exit, or finish(), begun?
inline bool exit_has_begun() noexcept {
  return exit_now.began.load() != steady_time{} || exit_now.now.load() != phase::running;
}

/// Called on the thread that makes a thread. From main's first call on, those of main's thread_local objects that exist
/// by then outlive the wait for its threads.
void arm_at_first_start() noexcept;
/// The calling thread need not call it again.
extern constinit thread_local bool started_a_thread [[gnu::tls_model("initial-exec")]];

/// Prepares curfew, that is, the ways into the exit. Called by the library's constructor and by any code that may run
/// before it.
void initialise_this_thread() noexcept;
extern constinit thread_local bool initialised [[gnu::tls_model("initial-exec")]];
inline void initialise() noexcept {
  if (!initialised) [[unlikely]]
    initialise_this_thread();
}

/// Does the calling thread run the exit? Survives a fork, which the kernel's thread ids do not.
extern constinit thread_local bool runs_the_exit [[gnu::tls_model("initial-exec")]];

/// The first thread, which has this id, may be running finish(): then it is the calling thread's turn when that is
/// done.
void wait_while_finish_runs(pid_t first) noexcept;

enum class exit_entry : bool {
  before_c_library,  ///< the C library's exit has not been entered
  inside_c_library,  ///< it has, and holds a lock from glibc 2.41 on
};

/// Enters the exit. Returns when the static destructors are to run. For a thread that comes second it never returns,
/// or, from inside the C library's exit, when that thread is to go on in the first one's place.
void enter_exit(std::optional<int> status, exit_entry = exit_entry::before_c_library) noexcept;

/// The calling thread executes no code of the program from now on.
void stop_executing() noexcept;
/// Waits for good, without executing any code of the program.
[[noreturn]] void wait_for_the_end() noexcept;

}  // namespace curfew::inline v1::detail
