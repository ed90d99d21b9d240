// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/parking.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace curfew {
inline namespace v1 {
namespace detail {
CURFEW_API wait_end wait_readable_until_steady(int fd, stop_choice, steady_time);
}

/// Waits until a read of `fd` (a terminal, a pipe, a socket, …) would not block because there is input, the end of the
/// input, or an error. Returns false if a stop was requested, through the given token or else that of the curfew thread
/// that waits, or if the limit has passed. It holds no lock during the wait, so a daemon that waits here can be frozen,
/// and other threads can use stdio.
///
///     while (curfew::wait_readable(STDIN_FILENO)) …
///
/// It does not see input that stdio or std::cin has already read into its buffer. A regular file is always readable.
/// Limits: a limit of zero or less polls once; a duration too large to represent means no limit.
/// Errors: `std::system_error` with `bad_file_descriptor` if `fd` is not open, and otherwise with the system's code
/// (such as `too_many_files_open`, because the wait needs a descriptor of its own).
///
/// Thread safety: many threads may call it at once. Do not call it in signal handlers.
[[nodiscard]] inline bool wait_readable(int fd) {
  return detail::wait_readable_until_steady(fd, nullptr, detail::steady_time::max()) == detail::wait_end::ready;
}
[[nodiscard]] inline bool wait_readable(int fd, const std::stop_token& stop) {
  return detail::wait_readable_until_steady(fd, &stop, detail::steady_time::max()) == detail::wait_end::ready;
}
template <class Rep, class Period>
[[nodiscard]] bool wait_readable_for(int fd, const std::chrono::duration<Rep, Period>& limit) {
  return detail::wait_readable_until_steady(fd, nullptr, detail::steady_deadline(limit)) == detail::wait_end::ready;
}
template <class Rep, class Period>
[[nodiscard]] bool wait_readable_for(int fd, const std::stop_token& stop,
                                     const std::chrono::duration<Rep, Period>& limit) {
  return detail::wait_readable_until_steady(fd, &stop, detail::steady_deadline(limit)) == detail::wait_end::ready;
}
/// Setting the clock during the wait does not move the limit.
template <class Clock, class Duration>
[[nodiscard]] bool wait_readable_until(int fd, const std::chrono::time_point<Clock, Duration>& at) {
  return detail::wait_readable_until_steady(fd, nullptr, detail::steady_moment(at)) == detail::wait_end::ready;
}
template <class Clock, class Duration>
[[nodiscard]] bool wait_readable_until(int fd, const std::stop_token& stop,
                                       const std::chrono::time_point<Clock, Duration>& at) {
  return detail::wait_readable_until_steady(fd, &stop, detail::steady_moment(at)) == detail::wait_end::ready;
}

/// Reads one line, byte by byte and not a byte more, so that others can read from the same descriptor. If a stop is
/// requested in the middle of a line, the beginning of the line is lost, which is why there is no form with a limit. A
/// `line_reader` keeps it.
[[nodiscard]] CURFEW_API std::optional<std::string> read_line(int fd);
[[nodiscard]] CURFEW_API std::optional<std::string> read_line(int fd, const std::stop_token& stop);

/// Reads lines, and stops waiting for the next one when its thread is asked to stop.
///
///     curfew::line_reader in(STDIN_FILENO);
///     while (auto line = in.read_line()) obey(*line);   // until the end of the input, or a stop request
///
/// A line is returned without its newline; the last line need not have one. If a wait ends in the middle of a line, the
/// beginning of the line is kept for the next call. The descriptor still belongs to the caller. What the reader has
/// read from it but not yet returned is lost to other readers (the function `read_line` takes no more than its line).
///
/// A stop request ends the wait even if others read from the same descriptor and are quicker, except on the master of a
/// pseudo-terminal, which has no nonblocking reads.
///
/// Errors: those of `wait_readable` and of `read`, and `message_size`, once, for a line that is longer than `longest`
/// bytes: the rest of that line is skipped, and the next call returns the line after it.
///
/// Thread safety: only one thread at a time may use a reader. Destroying a reader that a thread reads from does what
/// `event` describes: a daemon that waits for input is frozen there for good; for another thread it is an error.
class CURFEW_API line_reader {
 public:
  explicit line_reader(int fd, std::size_t longest = std::size_t{1} << 20) noexcept : fd_(fd), longest_(longest) {}
  line_reader(const line_reader&) = default;
  line_reader& operator=(const line_reader&) = default;
  line_reader(line_reader&&) = default;
  line_reader& operator=(line_reader&&) = default;
  ~line_reader() { detail::end_of_address(this, "a line_reader"); }

  /// Returns the next line, or nothing at the end of the input (`at_end()`), if a stop was requested, or if the limit
  /// has passed.
  [[nodiscard]] std::optional<std::string> read_line() {
    return read_until_steady(nullptr, detail::steady_time::max(), chunk);
  }
  [[nodiscard]] std::optional<std::string> read_line(const std::stop_token& stop) {
    return read_until_steady(&stop, detail::steady_time::max(), chunk);
  }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<std::string> read_line_for(const std::chrono::duration<Rep, Period>& limit) {
    return read_until_steady(nullptr, detail::steady_deadline(limit), chunk);
  }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<std::string> read_line_for(const std::stop_token& stop,
                                                         const std::chrono::duration<Rep, Period>& limit) {
    return read_until_steady(&stop, detail::steady_deadline(limit), chunk);
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<std::string> read_line_until(const std::chrono::time_point<Clock, Duration>& at) {
    return read_until_steady(nullptr, detail::steady_moment(at), chunk);
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<std::string> read_line_until(const std::stop_token& stop,
                                                           const std::chrono::time_point<Clock, Duration>& at) {
    return read_until_steady(&stop, detail::steady_moment(at), chunk);
  }

  /// Returns true if the input has ended and every line of it has been returned.
  [[nodiscard]] bool at_end() const noexcept { return ended_ && buffer_.size() == begin_; }

 private:
  friend std::optional<std::string> read_line(int fd);
  friend std::optional<std::string> read_line(int fd, const std::stop_token& stop);

  static constexpr std::size_t chunk = 4096;

  std::optional<std::string> read_until_steady(detail::stop_choice, detail::steady_time, std::size_t at_a_time);

  int fd_;
  std::size_t longest_;
  std::string buffer_;
  std::size_t begin_ = 0;    ///< of what has not been returned yet
  std::size_t scanned_ = 0;  ///< up to here there is no newline
  bool ended_ = false;
  bool skipping_ = false;  ///< the rest of a line that was too long
};

}  // namespace v1
}  // namespace curfew
