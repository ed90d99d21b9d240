// SPDX-License-Identifier: Apache-2.0
// The freeze signal: which one it is, how its handler gets in, how it is sent.
//
// First choice: the signal with which glibc's setuid reaches every thread (SIGSETXID, 33). glibc's own functions never
// block it and programs cannot catch it, so a thread that blocks "all" signals, or collects them with sigwait, is
// reached all the same; debuggers do not stop at it. Our handler passes on signals that are not ours. This signal is
// used if a look at the kernel's tables shows that glibc has installed it and does not block it; otherwise (other C
// libraries, ThreadSanitizer, which wants to defer handlers) the freeze signal is the highest real-time signal that the
// program has left alone.
#pragma once

#include <curfew/forward.hpp>

#include <signal.h>
#include <sys/types.h>

namespace curfew::inline v1::detail::os {

/// All but those that an instruction raises. The kernel ends a process that raises one while it is blocked; and
/// programs live by them: a collector or `curfew check` closes pages, and sees in a handler who accesses them. The
/// freeze signal's handler may be who does. Bit N-1 is signal N.
inline constexpr unsigned long all_but_faults = ~(1UL << (SIGSEGV - 1) | 1UL << (SIGBUS - 1) | 1UL << (SIGILL - 1) |
                                                  1UL << (SIGFPE - 1) | 1UL << (SIGTRAP - 1) | 1UL << (SIGSYS - 1));

using signal_handler = void (*)(int, siginfo_t*, void*);

/// Installs the handler, once. Returns false if no signal was free.
bool install_freeze_signal(signal_handler) noexcept;

enum class delivery { sent, no_such_thread, not_sent };

/// The signal runs on the thread's alternate stack, if it has one: code that runs on stacks of a few kilobytes (Go)
/// needs that. A thread whose alternate stack is gone (os/signal_stacks.hpp) is sent another signal, which does not ask
/// for it, so that thread needs some room on its own stack.
///
/// Sends the signal to one thread of this process, with a value for its handler. Async-signal-safe.
delivery send_freeze_signal(pid_t tid, const void* value) noexcept;

/// Returns the signal for this thread; 0 before any is installed.
int freeze_signal_for(pid_t tid) noexcept;
/// Lets the calling thread take it, in case it blocks the signal.
void open_freeze_signal() noexcept;

/// Lets the calling thread take these: bit N-1 is signal N.
void open_signals(unsigned long set) noexcept;
/// Is there a handler for it, other than the freeze signal's own?
bool is_handled_by_program(int number) noexcept;

/// Is it the one with which the C library's setuid reaches every thread? The freeze signal may be the same.
bool is_from_setuid(int number) noexcept;
/// Is it the one with which the C library ends a cancelled thread, which then runs code of the program's?
bool is_for_cancelling(int number) noexcept;
/// Lets the calling thread take setuid's.
void open_signal_of_setuid() noexcept;

/// What `send_freeze_signal` (or a timer) gave to the handler, or null when the signal is not ours.
const void* freeze_signal_value(const siginfo_t*) noexcept;

/// Passes a signal that is not ours to its earlier handler. Async-signal-safe.
void pass_signal_on(int, siginfo_t*, void*) noexcept;

enum class for_calls : bool {
  any,
  not_restarted,  ///< only one after which the kernel restarts no call
};
/// Of the signals that `mask` leaves open, is one pending for which the program has a handler? Not the freeze signal.
/// Async-signal-safe, and uses no thread-local storage.
bool a_handler_is_due(unsigned long mask, for_calls) noexcept;

/// Every signal masked, the freeze signal too, as inside its handler.
class all_signals_masked {
 public:
  all_signals_masked() noexcept;
  ~all_signals_masked();
  all_signals_masked(const all_signals_masked&) = delete;
  all_signals_masked& operator=(const all_signals_masked&) = delete;

 private:
  unsigned long saved_ = 0;
};

}  // namespace curfew::inline v1::detail::os
