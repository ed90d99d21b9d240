// SPDX-License-Identifier: Apache-2.0
#include "service/manager_socket.hpp"

#include "os/errno_keeper.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace curfew::inline v1::detail {

void manager_socket::open(const manager_address& to) {
  close();
  // Kept open, so that the last descriptor that a program uses up is not the one that its watchdog needs.
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "curfew: service_notifier: socket");
  fd_ = fd;
  if (fd <= STDERR_FILENO) {  // which was closed; what is written to stderr must not go to the manager
    fd_ = ::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    const int error = errno;
    ::close(fd);
    if (fd_ < 0) throw std::system_error(error, std::generic_category(), "curfew: service_notifier: socket");
  }
  to_ = to;
}

void manager_socket::close() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

int manager_socket::send(std::string_view message) const noexcept {
  const os::errno_keeper keep;
  for (;;) {
    if (::sendto(fd_, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&to_.name), to_.size) >= 0)
      return 0;
    if (errno != EINTR) return errno;
  }
}

}  // namespace curfew::inline v1::detail
