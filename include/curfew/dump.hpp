// SPDX-License-Identifier: Apache-2.0
// What all threads of this process do at a moment, written to a descriptor: for a program that hangs.
//
//     curfew::dump_on_signal(SIGQUIT);                       // kill -QUIT PID, or Ctrl-\ on a terminal
//     curfew::dump_after(std::chrono::seconds(30));          // unless it is cancelled before
//     curfew::dump_after(30s, {.repeat = true});
//     curfew::dump_after(60s, {.exit = true});               // and end the process
//     curfew::cancel_dump_after();
//
// A dump has, for each thread: name, number, kind, state, id, age and where it was started, as far as curfew knows
// them; the system call that it is in, and the thread that has what it waits for; and its call stack, each address as
// the file of its module and the offset there. `curfew symbolize` makes functions, files and lines of these, as
// `addr2line` does.
//
// Nothing is allocated and no lock of the program is taken. Another thread is asked for its call stack by a signal,
// which shows in none of its calls. One that does not answer within 100 ms, because it blocks that signal or has no
// processor, is listed without a stack, and so is one that is frozen. From outside, without any preparation, `curfew
// dump PID` says more.
#pragma once

#include <curfew/forward.hpp>

#include <chrono>

namespace curfew {
inline namespace v1 {

/// Writes a dump to `fd`. Async-signal-safe once a function of this header has been called outside of a signal handler;
/// preserves errno. One dump is written at a time: a call that comes while
/// another thread writes one waits for it, at most a second, and a call out of a signal handler that has interrupted
/// one writes a line that says so.
CURFEW_API void dump(int fd = 2) noexcept;

struct dump_options {
  int fd = 2;           ///< where to; it must stay open
  bool repeat = false;  ///< again and again, with that time in between, until it is cancelled
  bool exit = false;    ///< the process then ends at once, with status 1: nothing is flushed, no destructor runs
};

/// Writes a dump when that time is over, unless `cancel_dump_after` comes first. A second call takes the place of the
/// first. A thread of curfew's own, "curfew-dump" in debuggers, does it, so it also works while every thread of the
/// program hangs. In the child of a fork none is due.
///
/// Errors: `std::system_error` with `invalid_argument` for a time that is not above zero, with `bad_file_descriptor`
/// for a descriptor that is not open, and with `resource_unavailable_try_again` if there is no thread for it.
CURFEW_API void dump_after(std::chrono::milliseconds, dump_options = {});

/// Returns true if a dump was due. One that is being written is written to its end.
CURFEW_API bool cancel_dump_after() noexcept;

/// Writes a dump to `fd` whenever the signal comes. It interrupts no call (SA_RESTART), and takes the place of the
/// handler that was there. The signal must be left open by at least one thread.
///
/// Errors: `std::system_error` with `invalid_argument` for a signal that does not exist, cannot be handled (SIGKILL,
/// SIGSTOP), is sent for a fault (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP), or is one of curfew's own, and with
/// `bad_file_descriptor` for a descriptor that is not open.
CURFEW_API void dump_on_signal(int signal, int fd = 2);

/// Puts back the handler that was there before `dump_on_signal`. Returns false if no dump was to be written for it.
CURFEW_API bool cancel_dump_on_signal(int signal) noexcept;

}  // namespace v1
}  // namespace curfew
