// SPDX-License-Identifier: Apache-2.0
// What happens to an exception that leaves a thread's function.
#pragma once

#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/thread_info.hpp>

#include <curfew/detail/function.hpp>
#include <exception>

namespace curfew {
inline namespace v1 {

struct thread_exception {
  std::exception_ptr exception;         ///< never null
  const thread_info* thread = nullptr;  ///< the thread that it left; null when the hook is called by hand
};

using exception_hook = std::function<void(const thread_exception&)>;

/// Sets the function that is called, on the thread itself, with an exception that leaves the thread's function; returns
/// the previous one. An empty function restores the default. After the hook the thread ends, and the process goes on
/// (as in Python, Java and Rust). If a hook throws, a line on stderr says so, and the program terminates; it must not
/// end its thread
/// (`pthread_exit`), which terminates the program, too. Thread-safe;
/// not for signal handlers.
CURFEW_API exception_hook set_exception_hook(exception_hook);

namespace this_thread {
/// The same for what leaves the calling thread alone: its hook is called instead of the program's, until the thread has
/// ended. Returns the thread's previous hook; an empty one: it has none, and the program's is called (Java's
/// `Thread.setUncaughtExceptionHandler`). A thread sets it in its own function; a task sets it for the worker that runs
/// it, and for the tasks behind it there. It is not asked for a thread of a `thread_scope`: the scope rethrows the
/// first exception, and tells the others to the program's hook.
CURFEW_API exception_hook set_exception_hook(exception_hook);
}  // namespace this_thread

/// The default hook: writes `Exception in thread "name" (#3):`, the type and `what()` to stderr, in one write. A hook
/// of your own may call it too. Does nothing for `thread_exit`.
CURFEW_API void default_exception_hook(const thread_exception&);

}  // namespace v1
}  // namespace curfew
