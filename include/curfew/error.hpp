// SPDX-License-Identifier: Apache-2.0
// The errors that are curfew's own. Every other misuse throws a std::system_error with the code that std::thread uses.
#pragma once

#include <curfew/forward.hpp>

#include <exception>
#include <system_error>

namespace curfew {
inline namespace v1 {

/// Too late: the exit has passed the point up to which this was possible.
///
/// Thrown when a thread or a timer is started or a task submitted in `phase::frozen`, when the exiting thread joins a
/// daemon that can no longer end, and when a hook is registered after its turn. In that phase it is never thrown on a
/// thread that is about to be frozen (a daemon; main, while another thread runs the exit): that thread freezes in the
/// call instead. `code()` is `std::errc::operation_canceled`. (Python: "can't create new thread at interpreter
/// shutdown", `PythonFinalizationError`.)
class CURFEW_API exit_in_progress : public std::system_error {
 public:
  explicit exit_in_progress(const char* what);
  ~exit_in_progress() override;
};

/// A thread's function may throw this to end its thread quietly: no hook is called, and nothing is stored.
/// (Python: `SystemExit` in a thread.)
class CURFEW_API thread_exit : public std::exception {
 public:
  ~thread_exit() override;
  [[nodiscard]] const char* what() const noexcept override;
};

}  // namespace v1
}  // namespace curfew
