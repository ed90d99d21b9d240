// SPDX-License-Identifier: Apache-2.0
// The signals of the program, kept away from the calling thread for a while.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// From `block` to its end all signals are blocked for the calling thread, but those of faults and the freeze signal. A
/// thread that stops the world (a garbage collector's) stops the exiting thread by a signal, which then waits in its
/// handler: such a thread must not be frozen meanwhile. So the exiting thread takes no signal while it freezes others,
/// and looks afterwards whether somebody has asked it.
class blocked_signals {
 public:
  blocked_signals() noexcept = default;
  ~blocked_signals();
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;

  void block() noexcept;
  /// Has somebody sent this thread alone a signal that the program handles?
  [[nodiscard]] bool is_asked() const noexcept;
  /// Takes what has come: the program's handlers run in here. True if the thread was put to sleep meanwhile.
  bool answer() noexcept;

 private:
  unsigned long before_ = 0;
  bool blocked_ = false;
};

}  // namespace curfew::inline v1::detail::os
