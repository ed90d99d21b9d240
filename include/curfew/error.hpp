// SPDX-License-Identifier: Apache-2.0
// The errors that are curfew's own. Every other misuse is a std::system_error with the code std::thread uses.
#pragma once

#include <curfew/forward.hpp>

#include <exception>
#include <system_error>

namespace curfew {
inline namespace v1 {

/// Too late: the end of the process has got past the point where this could be done.
///
/// Thrown when a thread is started in `phase::frozen`, when the exiting thread joins a daemon that can no longer
/// end, and when a hook is registered after its turn. `code()` is `std::errc::operation_canceled`.
/// (Python: "can't create new thread at interpreter shutdown", `PythonFinalizationError`.)
class CURFEW_API exit_in_progress : public std::system_error {
 public:
  explicit exit_in_progress(const char* what);
  ~exit_in_progress() override;
};

/// Thrown by a thread's function to end its thread quietly: no hook is called, nothing is stored.
/// (Python: `SystemExit` in a thread.)
class CURFEW_API thread_exit : public std::exception {
 public:
  ~thread_exit() override;
  [[nodiscard]] const char* what() const noexcept override;
};

}  // namespace v1
}  // namespace curfew
