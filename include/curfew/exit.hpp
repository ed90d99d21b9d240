// SPDX-License-Identifier: Apache-2.0
// The end of the program: what it waits for, what it asks to stop, what it freezes, and what it reports.
//
// The exit, in order (docs/exit-protocol.md has the reasons):
//   1. enter: `main` returns, or any thread calls `std::exit`. The first thread runs the exit, and its status wins;
//      others wait.
//   2. before-wait hooks, last registered first.
//   3. draining: regular threads that were told to listen are asked to stop; every regular thread is waited for.
//   4. stopping: daemons that were told to listen are asked to stop; the exit waits for open shields, and for each
//      daemon's grace period.
//   5. after-wait hooks, last registered first.
//   6. frozen: every daemon left is frozen where it stands, for good. No thread can be started any more.
//   7. static destructors and `atexit` handlers, under watch.
// The locals of `main` are destroyed before step 1. If a thread uses them, declare an `exit_guard` (exit_guard.hpp) in
// `main`: it runs steps 2 to 6 first.
//
// The exit asks these threads to stop: threads whose function takes a std::stop_token, threads that a jthread owns (its
// destructor would ask them), and daemons with a `thread_options::grace` of more than zero. It asks no others, because
// every wait of a thread that was asked ends early, and a thread that does not look would run on.
//
// None of this happens on `std::_Exit`, `_exit`, `std::quick_exit`, `std::abort`, or a signal that kills.
#pragma once

#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/registry.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <curfew/detail/function.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace curfew {
inline namespace v1 {

/// How far the end of the program has come. It only goes forward, until `restart()` (restart.hpp).
enum class phase : unsigned char { running, draining, stopping, frozen };

[[nodiscard]] CURFEW_API const char* to_string(phase) noexcept;

/// What the exit does with the daemons that are left after it has waited.
enum class ending : unsigned char {
  /// Freeze them where they are, then run static destructors as usual. If a destructor needs what a frozen
  /// daemon holds, the process ends early, with its own status, its output written and a line on stderr.
  freeze,
  /// If a daemon is left: write out stdio and end at once, without static destructors.
  /// Danger: files that only a destructor would write are not written.
  skip_destructors,
};

/// What the end of the program does with threads that curfew did not start.
enum class foreign_threads : unsigned char {
  /// Nothing: they run on, even during static destruction, as they would without curfew.
  leave,
  /// Freeze detached ones like daemons. Needs `curfew::lock_tracking`, which sees them being made.
  /// Danger: a library whose destructor waits for a detached thread of its own waits for ever.
  freeze,
  /// Wait for detached ones as for regular threads, so that their work is not lost. Needs `curfew::lock_tracking`.
  /// Danger: without a deadline, the wait for a thread that never ends has no limit.
  wait,
};

struct exit_options {
  /// How long the exit waits for a daemon that it has asked to stop. `thread_options::grace` overrides it, and makes
  /// the exit ask even a daemon that takes no token.
  std::chrono::milliseconds daemon_grace{0};
  /// How long the exit waits for open shields.
  std::chrono::milliseconds shield_limit{5000};
  /// How long the exit may take from its beginning until the process is gone; when that time is over, the process ends
  /// with `deadline_status`. Without a deadline the exit waits for regular threads for ever.
  std::optional<std::chrono::milliseconds> deadline{};
  /// When to report on stderr what the exit still waits for; again at 2x, 4x, …. Negative: never.
  std::chrono::milliseconds report_after{2000};
  /// The status of a process that the deadline ends: 0 … 255.
  int deadline_status = 124;
  ending daemons = ending::freeze;
  /// How long static destructors and `atexit` handlers may take while daemons are frozen; then the process ends with
  /// its own status. Negative: for ever.
  std::chrono::milliseconds destructor_limit{10000};
  foreign_threads foreign = foreign_threads::leave;
  /// A signal of `exit_on_signals()` counts as a second request only if this much time has passed since the last one
  /// that counted: service managers, `timeout` and terminals send one request as two signals, to a process and to its
  /// group. Zero: every signal counts.
  std::chrono::milliseconds second_signal_after{500};
  /// Where to write, at the end of every exit, one line for each thing that was waited for, frozen or skipped. Empty:
  /// nowhere; "-": stderr; anything else: the file to append to. If it cannot be opened, a line on stderr says so.
  std::string report{};
  /// Where to write how the exit went, from its beginning to the end of the process: each hook, each thread that was
  /// waited for, each daemon that was frozen, and when. Empty: nowhere. It is a file in Chrome's trace format, written
  /// anew, which Perfetto and `curfew timeline` show; it can be read while the exit goes on. `%p` in the name stands
  /// for the process's id, `%%` for a percent sign; the child of a fork writes a timeline of its own only if the name
  /// has `%p`. If it cannot be written, a line on stderr says so.
  std::string timeline{};
};

/// Replaces the options, except for those that the environment variable CURFEW_EXIT sets:
/// `CURFEW_EXIT="deadline=30s,grace=500ms,shield=5s,report_after=2s,deadline_status=124,daemons=freeze,`
/// `destructors=10s,foreign=leave,second_signal_after=500ms,report=-,`
/// `timeline=FILE"`. A CURFEW_EXIT that does not parse has no effect
/// except for a line on stderr.
///
/// Errors: `std::system_error` with `invalid_argument` for a negative `daemon_grace`, `shield_limit`, `deadline` or
/// `second_signal_after`, for a `deadline_status` outside 0 … 255, for a value that an enumeration does not have, for
/// a `report` or `timeline` that contains a NUL, and for a `timeline` of "-"; with `operation_not_supported` for a
/// `foreign` other than `leave` without `curfew::lock_tracking`.
CURFEW_API void set_exit_options(exit_options);
/// Returns the options in force, including those of the environment.
[[nodiscard]] CURFEW_API exit_options get_exit_options();

/// Async-signal-safe.
[[nodiscard]] CURFEW_API phase exit_phase() noexcept;

enum class hook_id : std::uint64_t {};

/// Calls `hook` on the exiting thread before the exit waits for regular threads. Here you can tell your own workers to
/// stop. Hooks run once each, the last registered first. An exception from a hook is reported on stderr, and the next
/// hook runs. A hook that calls `std::exit` does not return: the exit goes on after it, and uses that status if it
/// began with a return from `main`. The exit also goes on after a hook that ends its thread (`pthread_exit`), with
/// status 0.
///
/// Errors: `exit_in_progress` once these hooks have begun to run; `invalid_argument` for an empty function, or for a
/// name that contains a NUL. A daemon that the exit does not ask to stop gets no exception: it is to be frozen soon,
/// and waits for that in the call, unless it has a shield open.
CURFEW_API hook_id before_wait(std::string_view name, std::function<void()> hook);
/// The same, after regular threads have ended and before daemons are frozen.
CURFEW_API hook_id after_wait(std::string_view name, std::function<void()> hook);
/// Returns true if the hook was registered and will not be called. Thread-safe, and allowed inside a hook.
CURFEW_API bool remove_hook(hook_id) noexcept;

/// While a shield is open its thread is not frozen: the end of the program waits for it, up to
/// `exit_options::shield_limit`.
///
///     if (curfew::shield s; s) { journal.append(entry); journal.sync(); }
///
/// A shield that is opened after daemons have been asked to stop is false, and the work must not begin. A thread that
/// holds a shield can always open another inside it. Opening and closing never block and never throw. The thread that
/// has opened a shield must close it. The exit does not wait for a thread that can never return to what its shield
/// protects, because it calls `std::exit` while another thread runs the exit, waits for that thread, or has ended.
class CURFEW_API shield {
 public:
  shield() noexcept;
  ~shield();
  shield(const shield&) = delete;
  shield& operator=(const shield&) = delete;
  explicit operator bool() const noexcept { return open_; }

 private:
  bool open_ = true;
};

/// Asks the program to end, from anywhere: wakes `wait_for_exit()`, which then returns `status`. The main thread, and
/// threads that take a stop token, are asked to stop, by the thread in `wait_for_exit()` or, once `exit_on_signals()`
/// has been called, by curfew's own service thread. From then on the main thread's waits end at once, also those in
/// hooks, unless they are given an empty `std::stop_token()`. The first status wins. Async-signal-safe; preserves
/// errno.
CURFEW_API void request_exit(int status = 0) noexcept;

/// Returns true once `request_exit` has been called. Async-signal-safe.
[[nodiscard]] CURFEW_API bool exit_requested() noexcept;

/// Blocks until `request_exit`, or until the exit has begun in another way (main has returned, a thread has called
/// `std::exit`, `finish()`). Returns the status of the request; without a request, the status that
/// `std::exit` was called with, or 0 if that is not known. A service ends its main with
/// `return curfew::wait_for_exit();`. This wait is not part of the exit: threads run on, and the locals of main that
/// they use must outlive them.
CURFEW_API int wait_for_exit();

/// Makes these signals end the program. The first calls `request_exit(0)`. The second ends the process at once with
/// status 128+n, after writing out stdio within a time limit. The third ends it without that. A signal that comes less
/// than `exit_options::second_signal_after` after the last one that counted belongs to the same request and does not
/// count. The call starts a service thread, "curfew-service" in debuggers, which does not count as a thread of the
/// program and blocks all other signals. It takes these signals even while every thread of the program blocks them, so
/// a thread that collects one of them by `sigwait` may miss it.
///
/// Errors: `std::system_error` with `invalid_argument` for a signal that cannot be handled; otherwise with the error of
/// `sigaction` or of starting the thread.
CURFEW_API void exit_on_signals(std::initializer_list<int> signals = {SIGINT, SIGTERM});

/// What an exit did.
struct exit_report {
  std::chrono::nanoseconds waited{0};       ///< how long the exit waited for regular threads
  std::chrono::nanoseconds freeze_time{0};  ///< from the first freeze signal until all were frozen
  unsigned freeze_rounds = 0;               ///< 1 unless a lock of the C library was found held
  std::vector<thread_info> waited_for;      ///< regular threads that were alive when the wait began
  std::vector<thread_info> not_waited_for;  ///< regular threads that wait for the exiting thread themselves
  std::vector<thread_info> frozen;          ///< daemons that were left, and foreign threads, if those are frozen too
  std::vector<thread_info> not_frozen;      ///< could not be frozen: the process ends without static destructors
  unsigned foreign_frozen = 0;              ///< how many of `frozen` are foreign (`foreign_threads::freeze`)
  unsigned shields_cut = 0;                 ///< shields still open when their limit was over
  bool deadline_passed = false;
};

/// Runs the exit now, up to and including the freeze, and returns: for hosts, plugins and tests that go on without
/// threads. (For the locals of `main` use `exit_guard`.) Afterwards the phase is `frozen`, for good or until
/// `restart()` (restart.hpp). A second call returns the first report. If the deadline passes, it returns with
/// `deadline_passed`; then daemons are frozen, regular threads still run, and the phase is `frozen`.
///
/// Any thread may call it. Main and the caller go on; every other curfew thread has ended or is frozen. The real exit
/// does not run hooks again. It waits for the caller if that is a regular thread (not if the deadline has passed), and
/// freezes it if that is a daemon, or a foreign thread that nobody can join: none of them runs beside static
/// destructors.
///
/// Errors: `exit_in_progress` while another thread runs the exit, and inside a hook.
CURFEW_API exit_report finish();

}  // namespace v1
}  // namespace curfew
