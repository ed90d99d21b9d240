// SPDX-License-Identifier: Apache-2.0
// Waiting for input, with an event beside it that ends the wait.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/forward.hpp>

#include <cstddef>

namespace curfew::inline v1::detail::os {

/// Woken once, from any thread; it stays woken. Its constructor throws std::system_error if the system has none left.
class wake_event {
 public:
  wake_event();
  ~wake_event();
  wake_event(const wake_event&) = delete;
  wake_event& operator=(const wake_event&) = delete;
  void wake() const noexcept;
  [[nodiscard]] int descriptor() const noexcept { return fd_; }

 private:
  int fd_;
};

enum class readable : unsigned char { yes, woken, timed_out };

/// Waits until a read of `fd` would not block, the event is woken (null: there is none), or `deadline` has passed.
/// Throws std::system_error, with bad_file_descriptor if `fd` is not open.
readable wait_readable(int fd, const wake_event*, steady_time deadline);

/// Reads what is there. Returns 0 at the end, and a negative number if there is nothing after all because another
/// reader was quicker. Does not wait for input, except on kinds of files for which no flag prevents it (the master of a
/// pseudo-terminal). Throws std::system_error.
std::ptrdiff_t read_some(int fd, char* to, std::size_t size);

}  // namespace curfew::inline v1::detail::os
