// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/record.hpp"

#include <curfew/error.hpp>

#include <cxxabi.h>

#include <exception>

namespace curfew::inline v1::detail {

/// The calling thread's function was left with this: kept for the handle, and told to the hook unless a scope will
/// rethrow it.
void leave_with(record&, const std::exception_ptr&) noexcept;
/// Tells the hook. A hook that throws is reported, and the program terminates.
void tell_hook(const record&, const std::exception_ptr&) noexcept;

/// Calls `run` as the function of a thread is called: what it throws is given to `fail`, but for `thread_exit`, which
/// ends it quietly, and for the unwinding of pthread_exit and pthread_cancel, which must go on.
template <class Run, class Fail>
void call_as_thread_does(Run run, Fail fail) {
  try {
    run();
  } catch (const thread_exit&) {  // NOLINT(bugprone-empty-catch): to end quietly is what it is for
#if defined(__GLIBCXX__)
  } catch (abi::__forced_unwind&) {
    throw;
#endif
  } catch (...) {
    const auto exception = std::current_exception();
    if (!exception) throw;  // not C++'s: that unwinding, where the runtime has no name for it
    fail(exception);
  }
}

}  // namespace curfew::inline v1::detail
