// SPDX-License-Identifier: Apache-2.0
// A thread that is frozen asleep in a system call, and thawed again, must not notice that. The kernel restarts some
// calls by itself (SA_RESTART); the others have returned EINTR, and are begun again here, with the time that was left.
#pragma once

#include "os/tasks.hpp"

#include <curfew/forward.hpp>

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace curfew::inline v1::detail::os {

/// A thread's system call, as it was seen from outside just before the thread was interrupted in it. After the
/// interruption its number is in no register any more. Written before the signal is sent, read in its handler.
struct call_note {
  static constexpr int arguments = 6;
  std::atomic<long> number{-1};  ///< -1: it was in none, or it is not known
  std::atomic<std::uint64_t> argument[arguments] = {};
  std::atomic<std::uint64_t> stack{0};
  std::atomic<std::uint64_t> code{0};
  std::atomic<std::int64_t> seen_at{0};     ///< steady_clock, nanoseconds
  std::int64_t left_of_time_limit[2] = {};  ///< a timespec, for a call that is begun again with what is left of its own
};

/// Notes the system call in which `tid` sleeps, if it does. Allocates nothing.
void note_call(pid_t tid, call_note&) noexcept;

/// Does the instruction that makes the C library's calls not tell which call it is? So it is from glibc 2.41 on.
bool calls_hide_their_number() noexcept;

/// In a signal handler that has interrupted the C library's call with that number: notes where on the stack such a call
/// has it. From glibc 2.41 on its number is nowhere else.
void learn_number_of_call(const void* ucontext, long number) noexcept;

/// What is known about a call that the kernel does not restart by itself.
enum class broken_call : unsigned char {
  none,
  known,    ///< can be begun again
  unknown,  ///< it is not known which it was: the thread had better not be thawed
};
/// Has the signal interrupted such a call? `note` may be null.
broken_call interrupted_call(const void* ucontext, const call_note* note) noexcept;

/// Returns which it was; -1: none, or unknown.
long interrupted_call_number(const void* ucontext, const call_note* note) noexcept;

/// In a signal handler, with every signal masked, before it returns: begins the interrupted call again, unless a
/// handler of the program is due, because then the program must see EINTR. May wait in here as long as the call does,
/// with the thread's own signal mask. Not noexcept, because the thread may be cancelled meanwhile.
void begin_call_again(void* ucontext, call_note* note);

/// From outside, a thread that goes on with a call by the kernel's restart_syscall shows only that. This reads which
/// call it is, and how long ago it was seen with these arguments. Returns false if that is not known.
bool read_restarted_call(pid_t tid, task_call&, std::chrono::nanoseconds& since) noexcept;

}  // namespace curfew::inline v1::detail::os
