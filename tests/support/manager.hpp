// SPDX-License-Identifier: Apache-2.0
// A service manager's end of NOTIFY_SOCKET.
#pragma once

#include <support/wait.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace curfew_test {

/// Listens, and says so in the environment. Takes all of its variables out again.
class manager {
 public:
  enum kind : bool { file, abstract };
  explicit manager(kind k = file) : kind_(k) {
    static int count = 0;
    const std::string name = "curfew-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
    path_ = (k == file ? "/tmp/" : "@") + name;
    open();
    ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  ~manager() {
    close();
    for (const char* const variable : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(variable);
  }
  manager(const manager&) = delete;
  manager& operator=(const manager&) = delete;

  void open() {
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    if (kind_ == abstract) address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
    if (fd_ < 0 || ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0)
      throw std::runtime_error("the manager cannot listen");
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    if (kind_ == file) ::unlink(path_.c_str());
  }

  /// The next message; empty if none comes within `limit`.
  [[nodiscard]] std::string next(std::chrono::milliseconds limit = patient(20s)) const {
    pollfd in{fd_, POLLIN, 0};
    if (::poll(&in, 1, static_cast<int>(limit.count())) != 1) return {};
    char text[4096];
    const ssize_t size = ::recv(fd_, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
  }
  /// Those before it are dropped.
  [[nodiscard]] std::string next_that_begins_with(std::string_view start) const {
    for (;;)
      if (std::string text = next(); text.empty() || text.starts_with(start)) return text;
  }

 private:
  kind kind_;
  std::string path_;
  int fd_ = -1;
};

}  // namespace curfew_test
