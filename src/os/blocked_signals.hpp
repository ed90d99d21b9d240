// SPDX-License-Identifier: Apache-2.0
// The signals of the program, kept away from the calling thread for a while.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// From `block` to its end all signals are blocked for the calling thread, except those of faults and the freeze
/// signal. A thread that stops the world (a garbage collector's) stops the exiting thread by a signal, whose handler
/// then waits: the collector's thread must not be frozen meanwhile. So the exiting thread takes no signal while it
/// freezes others, and checks afterwards whether one was sent to it.
class blocked_signals {
 public:
  blocked_signals() noexcept = default;
  ~blocked_signals();
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;

  void block() noexcept;
  /// Was a signal that the program handles sent to this thread alone?
  [[nodiscard]] bool is_asked() const noexcept;
  /// Takes the signals that have come: the program's handlers run in here. Returns true if the thread was put to sleep
  /// meanwhile.
  bool answer() noexcept;
  /// Forgets them instead: their handlers do not run.
  void drop() noexcept;

 private:
  [[nodiscard]] unsigned long asking() const noexcept;

  unsigned long before_ = 0;
  bool blocked_ = false;
};

}  // namespace curfew::inline v1::detail::os
