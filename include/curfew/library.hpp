// SPDX-License-Identifier: Apache-2.0
// Ending what a shared library has started, before it is unloaded: a host's part of loading and unloading plugins.
//
//     void* plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
//     …
//     const auto report = curfew::end_library(plugin);
//     if (report.may_be_unloaded()) dlclose(plugin);   // otherwise report.left says which threads keep it
#pragma once

#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/thread_info.hpp>

#include <chrono>
#include <optional>
#include <vector>

namespace curfew {
inline namespace v1 {

struct library_options {
  /// How long to wait in all. Without a limit, regular threads, calls of timers and tasks are waited for for ever.
  std::optional<std::chrono::milliseconds> limit{};
  /// How long daemons are waited for after they were asked to stop, if their own `thread_options::grace` says no more.
  std::chrono::milliseconds daemon_grace{1000};
};

/// What `end_library` did.
struct library_report {
  std::vector<thread_info> ended;  ///< threads of the library that have ended since the call began
  std::vector<thread_info> left;   ///< threads of the library that still run, or are frozen in it
  bool still_called = false;       ///< a timer's function or a pool's task of the library has not returned
  /// Nothing runs, or is about to run, in the library. If this is false it must stay loaded.
  [[nodiscard]] bool may_be_unloaded() const noexcept { return left.empty() && !still_called; }
};

/// Goes through the end of the program for one shared library alone, and the rest of the program runs on:
///   1. the library's before-wait hooks run, then its hooks in phases, phase by phase but without the phases' limits,
///      and are gone;
///   2. its timers are cancelled, and the pools that it made are shut down (their waiting tasks still run);
///   3. its threads that take a stop token or belong to a `jthread` are asked to stop, and so are all its daemons,
///      whether they take one or not: nobody is frozen, because a frozen thread would stand in unmapped code;
///   4. its threads, calls of its timers, and its tasks in pools of others are waited for;
///   5. its after-wait hooks run, and are gone; if there were any, it begins again, for what they have started.
/// A thread belongs to the library whose code made it or adopted it, or that has the function that it runs; a hook, a
/// timer, a pool or a task to the library that made it. What ended gives up the exceptions that it has left, which may
/// be the library's. An exception hook that the library has set is the library's own to take back, and a future of one
/// of its tasks must be gone before the library is: the result, and the code that destroys it, are the library's.
///
/// `library`: a handle of `dlopen`, which stays open. A library that links curfew statically has a curfew of its own,
/// for which it calls this itself; such a library is never unmapped, because handlers of curfew's point into it.
///
/// Thread-safe; any thread may call it that is not the library's, in hooks too. Two calls for one library at a time
/// wait for the same threads. Not for signal handlers.
///
/// Errors: `std::system_error` with `invalid_argument` if `library` is null, and for a negative limit or grace;
/// `resource_deadlock_would_occur` on a thread of the library, and in a task or a timer's function of it.
CURFEW_API library_report end_library(void* library, library_options = {});

/// The same for the library that has this address, in its code or in its constants.
/// Errors: also `invalid_argument` if the address is the program's own, or lies in no library.
CURFEW_API library_report end_library_of(const void* address, library_options = {});

}  // namespace v1
}  // namespace curfew
