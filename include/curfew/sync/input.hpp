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

/// Waits until a read of `fd` (a terminal, a pipe, a socket, …) would not block because there is input, its end, or an
/// error. Returns false if a stop was requested, through the given token or else that of the curfew thread that waits,
/// or if the limit has passed. It holds no lock during the wait, so a daemon that waits here can be frozen, and other
/// threads can use stdio.
///
///     while (curfew::wait_readable(STDIN_FILENO)) …
///
/// It does not see input that stdio or std::cin has already read into its buffer. A regular file is always readable.
/// Limits: a negative limit or zero polls once; a duration too large to count means for ever.
/// Errors: `std::system_error` with `bad_file_descriptor` if `fd` is not open, and with the system's code otherwise
/// (`too_many_files_open`: the wait needs a descriptor of its own).
inline bool wait_readable(int fd) {
  return detail::wait_readable_until_steady(fd, nullptr, detail::steady_time::max()) == detail::wait_end::ready;
}
inline bool wait_readable(int fd, const std::stop_token& stop) {
  return detail::wait_readable_until_steady(fd, &stop, detail::steady_time::max()) == detail::wait_end::ready;
}
template <class Rep, class Period>
bool wait_readable_for(int fd, const std::chrono::duration<Rep, Period>& limit) {
  return detail::wait_readable_until_steady(fd, nullptr, detail::steady_deadline(limit)) == detail::wait_end::ready;
}
template <class Rep, class Period>
bool wait_readable_for(int fd, const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
  return detail::wait_readable_until_steady(fd, &stop, detail::steady_deadline(limit)) == detail::wait_end::ready;
}
/// Setting the clock during the wait does not move the limit.
template <class Clock, class Duration>
bool wait_readable_until(int fd, const std::chrono::time_point<Clock, Duration>& at) {
  return detail::wait_readable_until_steady(fd, nullptr, detail::steady_moment(at)) == detail::wait_end::ready;
}
template <class Clock, class Duration>
bool wait_readable_until(int fd, const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at) {
  return detail::wait_readable_until_steady(fd, &stop, detail::steady_moment(at)) == detail::wait_end::ready;
}

/// Reads one line byte by byte, and not a byte more: for a descriptor that others read from too. If a stop is requested
/// in the middle of a line, its beginning is lost; therefore there is no form with a limit. A `line_reader` keeps it.
[[nodiscard]] CURFEW_API std::optional<std::string> read_line(int fd);
[[nodiscard]] CURFEW_API std::optional<std::string> read_line(int fd, const std::stop_token& stop);

/// Reads lines, and stops waiting for the next when its thread is asked to stop.
///
///     curfew::line_reader in(STDIN_FILENO);
///     while (auto line = in.read_line()) obey(*line);   // until the end of the input, or a stop request
///
/// A line is given without its newline; the last one need not have one. A line that has only begun when a wait ends is
/// kept for the next call. The descriptor stays the caller's; what was read from it and not given out yet is lost to
/// other readers (the function `read_line` takes no more than its line).
///
/// A stop request ends the wait even if others read from the same descriptor and are quicker; but not on the master of
/// a pseudo-terminal, which has no reads that do not block.
///
/// Errors: as for `wait_readable`, what `read` says, and `message_size`, once, for a line that is longer than `longest`
/// bytes: what is left of it is skipped, and the next call gives the line after it.
/// Used by one thread at a time. Destroying one that a thread reads from is as for `event`: a daemon that waits for
/// input is frozen there for good, for another thread it is an error.
class CURFEW_API line_reader {
 public:
  explicit line_reader(int fd, std::size_t longest = std::size_t{1} << 20) noexcept : fd_(fd), longest_(longest) {}
  line_reader(const line_reader&) = default;
  line_reader& operator=(const line_reader&) = default;
  line_reader(line_reader&&) = default;
  line_reader& operator=(line_reader&&) = default;
  ~line_reader() { detail::end_of_address(this, "a line_reader"); }

  /// Nothing: the end of the input (`at_end()`), a stop was requested, or the limit has passed.
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

  /// The input has ended, and every line of it was given out.
  [[nodiscard]] bool at_end() const noexcept { return ended_ && buffer_.size() == begin_; }

 private:
  friend std::optional<std::string> read_line(int fd);
  friend std::optional<std::string> read_line(int fd, const std::stop_token& stop);

  static constexpr std::size_t chunk = 4096;

  std::optional<std::string> read_until_steady(detail::stop_choice, detail::steady_time, std::size_t at_a_time);

  int fd_;
  std::size_t longest_;
  std::string buffer_;
  std::size_t begin_ = 0;    ///< of what was not given out yet
  std::size_t scanned_ = 0;  ///< up to here there is no newline
  bool ended_ = false;
  bool skipping_ = false;  ///< a line that was too long
};

}  // namespace v1
}  // namespace curfew
