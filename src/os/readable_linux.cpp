// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/readable.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>

namespace curfew::inline v1::detail::os {
namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(std::make_error_code(static_cast<std::errc>(error)), what);
}

}  // namespace

bell::bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) fail(errno, "curfew: a descriptor to be woken by");
}

bell::~bell() { ::close(fd_); }

void bell::ring() const noexcept {
  const errno_keeper keep;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}

readable wait_readable(int fd, const bell* bell, steady_time deadline) {
  if (fd < 0) fail(EBADF, "curfew: wait_readable");
  pollfd wanted[2] = {{fd, POLLIN, 0}, {bell != nullptr ? bell->descriptor() : -1, POLLIN, 0}};
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
      return wanted[0].revents != 0 ? readable::yes : readable::rung;
    }
    if (ready == 0) return readable::timed_out;
    if (deadline <= now_steady()) deadline = steady_time{};  // interrupted: one more look
  }
}

std::ptrdiff_t read_some(int fd, char* to, std::size_t size) {
  const auto got = ::read(fd, to, size);
  if (got < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) fail(errno, "curfew: read_line");
  return got;
}

}  // namespace curfew::inline v1::detail::os

#endif
