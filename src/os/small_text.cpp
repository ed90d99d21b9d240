// SPDX-License-Identifier: Apache-2.0
#include "os/small_text.hpp"
#include "os/errno_keeper.hpp"

#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>

namespace curfew::inline v1::detail::os {
namespace {

/// A write to a pipe that nobody reads any more, or to a file that must not grow, raises a signal that kills, before it
/// says so. While this lives it does not, and what it raised is taken back; what was pending before stays.
class no_write_signals {
 public:
  no_write_signals() noexcept {
    sigset_t pending;
    ::sigpending(&pending);
    sigemptyset(&raised_);
    for (const int number : {SIGPIPE, SIGXFSZ})
      if (sigismember(&pending, number) == 0) sigaddset(&raised_, number);
    ::pthread_sigmask(SIG_BLOCK, &raised_, &before_);
  }
  ~no_write_signals() {
    constexpr timespec at_once{0, 0};
    if (refused_)
      while (::sigtimedwait(&raised_, nullptr, &at_once) > 0) {
      }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  no_write_signals(const no_write_signals&) = delete;
  no_write_signals& operator=(const no_write_signals&) = delete;

  void note_refusal(int error) noexcept { refused_ = refused_ || error == EPIPE || error == EFBIG; }

 private:
  sigset_t raised_;
  sigset_t before_;
  bool refused_ = false;
};

/// The last write has waited and nobody read: those that follow are not worth waiting for each anew.
constinit std::atomic<bool> nobody_reads{false};

}  // namespace

int write_all(int fd, std::string_view text) noexcept {
  const errno_keeper keep;
  no_write_signals safe;
  int patience = nobody_reads.load() ? 1 : 20;  // x 10 ms: a pipe that nobody reads must not stop an exit
  while (!text.empty()) {
    pollfd ready{fd, POLLOUT, 0};
    if (::poll(&ready, 1, 10) == 0 && --patience == 0) {
      nobody_reads.store(true);
      return EAGAIN;
    }
    if ((ready.revents & POLLOUT) == 0 && patience > 0 && ready.revents == 0) continue;
    // A page at most: that much is free in a pipe that says it is ready; a longer write would wait for the rest.
    const ssize_t n = ::write(fd, text.data(), std::min(text.size(), std::size_t{4096}));
    if (n < 0) safe.note_refusal(errno);
    if (n < 0 && (errno == EINTR || errno == EAGAIN) && --patience > 0) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    nobody_reads.store(false);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

std::string_view decimal(std::uint64_t value, char (&buffer)[24]) noexcept {
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, static_cast<std::size_t>(end - buffer)};
}

std::string_view hexadecimal(std::uintptr_t value, char (&buffer)[24]) noexcept {
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, 16).ptr;
  return {buffer, static_cast<std::size_t>(end - buffer)};
}

}  // namespace curfew::inline v1::detail::os
