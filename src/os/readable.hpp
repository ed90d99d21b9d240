// SPDX-License-Identifier: Apache-2.0
// Waiting for input, with a bell beside it that ends the wait.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/forward.hpp>

#include <cstddef>

namespace curfew::inline v1::detail::os {

/// Rung once, from any thread; it stays rung. Throws std::system_error when there is none to be had.
class bell {
 public:
  bell();
  ~bell();
  bell(const bell&) = delete;
  bell& operator=(const bell&) = delete;
  void ring() const noexcept;
  [[nodiscard]] int descriptor() const noexcept { return fd_; }

 private:
  int fd_;
};

enum class readable : unsigned char { yes, rung, timed_out };

/// Waits until a read of `fd` would not block, the bell rings (null: there is none), or `deadline`. Throws
/// std::system_error, bad_file_descriptor for what is not open.
readable wait_readable(int fd, const bell*, steady_time deadline);

/// What is there: 0 at the end. Negative: nothing after all, since another reader was quicker. Does not wait for input,
/// but for kinds of files that no flag tells not to (the master of a pseudo-terminal). Throws std::system_error.
std::ptrdiff_t read_some(int fd, char* to, std::size_t size);

}  // namespace curfew::inline v1::detail::os
