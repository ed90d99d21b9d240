// SPDX-License-Identifier: Apache-2.0
#include "service/pid_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace curfew::inline v1::detail {
namespace {

[[noreturn]] void fail(int error, const std::string& path, const char* what) {
  throw std::system_error(error, std::generic_category(), "curfew: daemonize: " + path + ": " + what);
}

std::string absolute(std::string_view path) {
  if (path.starts_with('/')) return std::string(path);
  char* const here = ::getcwd(nullptr, 0);
  if (here == nullptr) fail(errno, std::string(path), "getcwd");
  std::string whole(here);
  std::free(here);
  return whole.append("/").append(path);
}

[[noreturn]] void somebody_has_it(int fd, const std::string& path) {
  char text[24] = {};
  const ssize_t size = ::pread(fd, text, sizeof text - 1, 0);
  const std::string id(text, size > 0 ? std::string_view(text).find('\n') : 0);
  ::close(fd);
  const std::string who = id.empty() || id.find_first_not_of("0123456789") != std::string::npos
                              ? "it is being started"
                              : "it runs already, as process " + id;
  throw std::system_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "curfew: daemonize: " + who + ", which has locked " + path);
}

/// Of the daemon. Never destroyed.
struct kept_file {
  std::atomic<pid_t> owner{0};
  int fd = -1;
  const char* path = nullptr;
};
constinit kept_file kept;

void remove_at_exit() {
  // Under the lock: whoever starts next makes a file of its own, or finds out that this one has no name any more.
  if (kept.owner.load() == ::getpid()) ::unlink(kept.path);
}

/// A child of the daemon's that outlives it must not keep the lock.
void close_in_child() {
  if (kept.fd >= 0) ::close(kept.fd);
  kept.fd = -1;
}

}  // namespace

pid_file::pid_file(std::string_view path) : path_(absolute(path)) {
  for (;;) {
    const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
    if (fd < 0) fail(errno, path_, "cannot be opened");
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      if (error == EWOULDBLOCK) somebody_has_it(fd, path_);
      ::close(fd);
      fail(error, path_, "cannot be locked");
    }
    struct stat opened {
    }, named{};
    if (::fstat(fd, &opened) == 0 && ::stat(path_.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
        opened.st_dev == named.st_dev) {
      fd_ = fd;
      break;
    }
    ::close(fd);  // whoever had it has removed it in between
  }
  // Of a symbolic link the file is removed at the exit, and the link stays.
  if (char* const real = ::realpath(path_.c_str(), nullptr)) {
    path_ = real;
    std::free(real);
  }
  if (::ftruncate(fd_, 0) != 0) fail(errno, path_, "cannot be written");
}

pid_file::~pid_file() {
  if (fd_ >= 0) ::close(fd_);
}

void pid_file::keep() {
  const std::string id = std::to_string(::getpid()) + "\n";
  if (::pwrite(fd_, id.data(), id.size(), 0) != static_cast<ssize_t>(id.size()))
    fail(errno, path_, "cannot be written");
  kept.path = (new std::string(path_))->c_str();  // for an exit handler: never destroyed
  kept.fd = fd_;
  kept.owner.store(::getpid());
  fd_ = -1;
  std::atexit(&remove_at_exit);
  ::pthread_atfork(nullptr, nullptr, &close_in_child);
}

}  // namespace curfew::inline v1::detail
