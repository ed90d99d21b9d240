// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/readable.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <system_error>

namespace curfew::inline v1::detail::os {
namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(std::make_error_code(static_cast<std::errc>(error)), what);
}

}  // namespace

wake_event::wake_event() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) fail(errno, "curfew: wait_readable: no descriptor for the stop request");
}

wake_event::~wake_event() { ::close(fd_); }

void wake_event::wake() const noexcept {
  const errno_keeper keep;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}

readable wait_readable(int fd, const wake_event* event, steady_time deadline) {
  if (fd < 0) fail(EBADF, "curfew: wait_readable");
  pollfd wanted[2] = {{fd, POLLIN, 0}, {event != nullptr ? event->descriptor() : -1, POLLIN, 0}};
  for (;;) {
    timespec limit{};
    if (deadline != steady_time::max()) {
      const auto left = std::max((deadline - now_steady()).count(), steady_time::rep{0});
      limit.tv_sec = left / 1'000'000'000;
      limit.tv_nsec = left % 1'000'000'000;
    }
    const int ready = ::ppoll(wanted, 2, deadline != steady_time::max() ? &limit : nullptr, nullptr);
    if (ready < 0 && errno != EINTR && errno != EAGAIN) fail(errno, "curfew: wait_readable");
    if (ready > 0) {
      if ((wanted[0].revents & POLLNVAL) != 0) fail(EBADF, "curfew: wait_readable");
      return wanted[0].revents != 0 ? readable::yes : readable::woken;
    }
    if (ready == 0) return readable::timed_out;
    if (deadline <= now_steady()) deadline = steady_time{};  // interrupted: one more look
  }
}

namespace {

bool is_terminal_to_reopen(int fd) noexcept {
  unsigned number;  // opening the master of a pair makes another pair
  return ::isatty(fd) != 0 && ::ioctl(fd, TIOCGPTN, &number) != 0;
}

/// Reads through a description of its own: O_NONBLOCK on that of `fd` would be there for everybody who shares it.
std::ptrdiff_t read_reopened(int fd, char* to, std::size_t size) {
  // The end of a pipe that is written to could be opened for reading.
  if ((::fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
    errno = EBADF;
    return -1;
  }
  char path[32];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  const int own = ::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own < 0) return ::read(fd, to, size);
  const auto got = ::read(own, to, size);
  const errno_keeper keep;
  ::close(own);
  return got;
}

/// For kinds of files that do not know RWF_NOWAIT, and those that always have something to read.
std::ptrdiff_t read_by_kind(int fd, char* to, std::size_t size, bool known_empty) {
  struct stat s;
  if (::fstat(fd, &s) != 0) return -1;
  if (S_ISREG(s.st_mode) || S_ISBLK(s.st_mode)) return ::read(fd, to, size);  // waits for the disk at most
  if (known_empty) {
    errno = EAGAIN;
    return -1;
  }
  if (S_ISSOCK(s.st_mode)) return ::recv(fd, to, size, MSG_DONTWAIT);
  if (S_ISFIFO(s.st_mode) || is_terminal_to_reopen(fd)) return read_reopened(fd, to, size);
  return ::read(fd, to, size);
}

}  // namespace

std::ptrdiff_t read_some(int fd, char* to, std::size_t size) {
  std::ptrdiff_t got = -1;
#ifdef RWF_NOWAIT
  const iovec where{to, size};
  got = ::preadv2(fd, &where, 1, -1, RWF_NOWAIT);
  if (got < 0 && errno != EINTR) got = read_by_kind(fd, to, size, errno == EAGAIN);
#else
  got = read_by_kind(fd, to, size, false);
#endif
  if (got < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) fail(errno, "curfew: read_line");
  return got;
}

}  // namespace curfew::inline v1::detail::os

#endif
