// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/standard_descriptor.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>

namespace curfew::inline v1::detail::os {
namespace {

struct identity {
  bool open = false;
  dev_t device = 0;
  ino_t number = 0;
  mode_t kind = 0;
  bool operator==(const identity&) const = default;
};

std::atomic<bool> noted{false};
constinit identity files[2];

identity look_at(int fd) noexcept {
  struct stat what {};
  if (::fstat(fd, &what) != 0) return {};
  return {.open = true, .device = what.st_dev, .number = what.st_ino, .kind = what.st_mode & S_IFMT};
}

}  // namespace

void note_standard_descriptors() noexcept {
  const errno_keeper keep;
  files[STDOUT_FILENO - 1] = look_at(STDOUT_FILENO);
  files[STDERR_FILENO - 1] = look_at(STDERR_FILENO);
  noted.store(true);
}

int standard_descriptor(int fd) noexcept {
  if (!noted.load()) return fd;
  const errno_keeper keep;
  const identity now = look_at(fd);
  return now.open && now == files[fd - 1] ? fd : -1;
}

bool can_be_written(int fd, steady_time until) noexcept {
  const errno_keeper keep;
  for (;;) {
    pollfd one{fd, POLLOUT, 0};
    const int ready = ::poll(&one, 1, 0);
    if (ready > 0) return (one.revents & (POLLERR | POLLNVAL)) == 0;
    if (now_steady() >= until) return false;
    pause_for(std::chrono::milliseconds(1));
  }
}

}  // namespace curfew::inline v1::detail::os

#endif
