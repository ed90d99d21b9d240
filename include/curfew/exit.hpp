// SPDX-License-Identifier: Apache-2.0
// The end of the program: what it waits for, what it asks, what it freezes, and what it says of that.
//
// The exit, in order (docs/exit-protocol.md has the reasons):
//   1. enter: `main` returns, or any thread calls `std::exit`. The first one runs the exit, others wait; its status
//   wins.
//   2. before-wait hooks, last registered first.
//   3. draining: regular threads that were told to listen are asked to stop; every regular thread is waited for.
//   4. stopping: daemons that were told to listen are asked; open shields are waited for, and they get their grace.
//   5. after-wait hooks, last registered first.
//   6. frozen: every daemon left is frozen where it stands, for good. No thread can be started any more.
//   7. static destructors and `atexit` handlers, under watch.
// The locals of `main` die before step 1. Where a thread uses them, an `exit_guard` (exit_guard.hpp) in `main` has
// steps 2 to 6 done first.
//
// Told to listen, and so asked to stop, are threads whose function takes a std::stop_token, threads that a jthread owns
// (its destructor would ask them), and daemons that were given a `thread_options::grace` of more than zero. Nobody
// else: whoever is asked finds that its waits end early, each of them, and one that does not look would run on.
//
// `std::_Exit`, `_exit`, `std::quick_exit`, `std::abort` and signals that kill do none of this.
#pragma once

#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/registry.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace curfew {
inline namespace v1 {

/// How far the end of the program has got. It only ever goes forward.
enum class phase : unsigned char { running, draining, stopping, frozen };

[[nodiscard]] CURFEW_API const char* to_string(phase) noexcept;

/// What becomes of daemons that are left when everything has been waited for.
enum class ending : unsigned char {
  /// Freeze them where they are, then run static destructors as usual. A destructor that needs what a frozen daemon
  /// holds ends the process early, with its status, its output written and a line on stderr.
  freeze,
  /// If a daemon is left: write out stdio and end at once, without static destructors.
  /// Danger: files that only a destructor would write are not written.
  skip_destructors,
};

/// What the end of the program does with threads that curfew did not start.
enum class foreign_threads : unsigned char {
  /// Nothing: they run on, also into static destructors, as they would without curfew.
  leave,
  /// Detached ones are frozen as daemons are. Needs `curfew::lock_tracking`, which sees them being made.
  /// Danger: a library that waits, in a destructor, for a detached thread of its own waits for ever.
  freeze,
  /// Detached ones are waited for as regular threads are, so that their work is not lost. Needs
  /// `curfew::lock_tracking`.
  /// Danger: one that never ends is waited for without end, unless there is a deadline.
  wait,
};

struct exit_options {
  /// How long the end waits for a daemon that it has asked to stop. `thread_options::grace` overrides it, and has
  /// daemons asked, too, that take no token.
  std::chrono::milliseconds daemon_grace{0};
  /// How long the end waits for open shields.
  std::chrono::milliseconds shield_limit{5000};
  /// From the beginning of the exit until the process is gone; then it ends with `deadline_status`. None: the exit
  /// waits for regular threads for ever.
  std::optional<std::chrono::milliseconds> deadline{};
  /// When to say on stderr what the exit still waits for; again at 2x, 4x, …. Negative: never.
  std::chrono::milliseconds report_after{2000};
  /// 0 … 255.
  int deadline_status = 124;
  ending daemons = ending::freeze;
  /// How long static destructors and `atexit` handlers may take while daemons are frozen; then the process ends with
  /// its own status. Negative: for ever.
  std::chrono::milliseconds destructor_limit{10000};
  foreign_threads foreign = foreign_threads::leave;
  /// A signal of `exit_on_signals()` is a second request only when so much time has passed since the last one that
  /// counted: service managers, `timeout` and terminals send one request as two signals, to a process and to its group.
  /// Zero: every signal counts.
  std::chrono::milliseconds second_signal_after{500};
  /// Where to write, at the end of every exit, one line for each thing that was waited for, frozen or skipped:
  /// empty: nowhere; "-": stderr; otherwise a file that is appended to. One that cannot be opened is one line on
  /// stderr.
  std::string report{};
};

/// Replaces the options. What the environment variable CURFEW_EXIT names stays as it says there:
/// `CURFEW_EXIT="deadline=30s,grace=500ms,shield=5s,report_after=2s,deadline_status=124,daemons=freeze,`
/// `destructors=10s,foreign=leave,second_signal_after=500ms,report=-"`. A CURFEW_EXIT that does not parse is one line
/// on stderr and has no effect.
///
/// Errors: `std::system_error`, `invalid_argument` for a negative grace, shield limit, deadline or
/// `second_signal_after`, a status outside 0 … 255, a value that an enumeration does not have, or a report with a NUL
/// in it; `operation_not_supported` for a `foreign` other than `leave` without `curfew::lock_tracking`.
CURFEW_API void set_exit_options(exit_options);
/// The options in force, the environment's included.
[[nodiscard]] CURFEW_API exit_options get_exit_options();

/// Async-signal-safe.
[[nodiscard]] CURFEW_API phase exit_phase() noexcept;

enum class hook_id : std::uint64_t {};

/// Calls `hook` on the exiting thread before regular threads are waited for: the place to tell one's own workers to
/// stop. Last registered first, each once. What a hook throws is reported on stderr, and the next hook runs.
/// A hook that calls `std::exit` does not come back: the exit goes on behind it, and its status is used if the exit
/// began with a return from `main`. So it does behind one that ends its thread (`pthread_exit`), with status 0 then.
///
/// Errors: `exit_in_progress` once these hooks have begun to run (Python: "can't register atexit after shutdown");
/// `invalid_argument` for an empty function, or a name with a NUL in it.
CURFEW_API hook_id before_wait(std::string_view name, std::function<void()> hook);
/// The same, after regular threads have ended and before daemons are frozen.
CURFEW_API hook_id after_wait(std::string_view name, std::function<void()> hook);
/// True when the hook was there and will not be called. Thread-safe, also from inside a hook.
CURFEW_API bool remove_hook(hook_id) noexcept;

/// While a shield is open its thread is not frozen: the end of the program waits for it, up to
/// `exit_options::shield_limit`.
///
///     if (curfew::shield s; s) { journal.append(entry); journal.sync(); }
///
/// It cannot be opened once daemons have been asked to stop: it is then false, and the work must not begin. A thread
/// that holds one can always open another inside it. Opening and closing never block and never throw. It is closed by
/// the thread that has opened it. A thread that never comes back to what its shield protects, because it calls
/// `std::exit` while another thread runs the exit, waits for that thread, or has ended, is not waited for.
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

/// Asks the program to end, from anywhere: wakes `wait_for_exit()`, which then returns `status`. Threads that take a
/// stop token are asked to stop, by the thread in `wait_for_exit()` or, once `exit_on_signals()` was called, by
/// curfew's own service thread. The first status wins. Async-signal-safe, keeps errno.
CURFEW_API void request_exit(int status = 0) noexcept;

/// True once `request_exit` was called. Async-signal-safe.
[[nodiscard]] CURFEW_API bool exit_requested() noexcept;

/// Blocks until `request_exit`, or until the exit has begun in another way (main has returned, a thread has called
/// `std::exit`, `finish()`). Returns the status of the request; without one that of `std::exit` so far, 0 if none is
/// known. main's last line in a service: `return curfew::wait_for_exit();`
/// While it waits it is no part of the exit: threads run on, and what they need of main's locals must outlive them.
CURFEW_API int wait_for_exit();

/// Makes these signals end the program: the first is `request_exit(0)`, the second ends the process now: stdio written
/// out within a bound, status 128+n. What follows the one before by less than `exit_options::second_signal_after` is
/// part of the same request and counts for nothing; a third that counts ends the process without a further look at
/// stdio. Starts a service thread, "curfew-service" to debuggers, which is no thread of the program's and blocks
/// all other signals. It takes these also while every thread of the program blocks them; a thread that collects one of
/// them by `sigwait` may therefore miss it.
///
/// Errors: `std::system_error` with `invalid_argument` for a signal that cannot be handled, and what `sigaction` or the
/// start of the thread said otherwise.
CURFEW_API void exit_on_signals(std::initializer_list<int> signals = {SIGINT, SIGTERM});

/// What an exit did.
struct exit_report {
  std::chrono::nanoseconds waited{0};       ///< how long regular threads were waited for
  std::chrono::nanoseconds freeze_time{0};  ///< from the first freeze signal until all stood still
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
/// threads. (For the locals of `main` there is `exit_guard`.) Afterwards the phase is `frozen` for good. Called again:
/// the first report. With a deadline that passes: returns with `deadline_passed`, daemons frozen, regular threads still
/// running, and the phase is `frozen`.
///
/// Any thread may call it. Main and the caller go on; every other thread of curfew's has ended or is frozen. The real
/// exit runs no hook again. It waits for the caller if that is a regular thread (not if the deadline has passed), and
/// freezes it if that is a daemon, or a foreign thread that nobody can join: none of them runs beside static
/// destructors.
///
/// Errors: `exit_in_progress` when another thread is running the exit, or from inside a hook.
CURFEW_API exit_report finish();

}  // namespace v1
}  // namespace curfew
