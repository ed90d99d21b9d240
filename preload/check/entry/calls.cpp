// SPDX-License-Identifier: Apache-2.0
// System calls whose buffers lie on closed pages: the kernel refuses them (EFAULT) where the program's own access would
// have shown up as a fault. The buffer is then accessed here, as the program, and the call is made again.
#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/linux/fault_signals.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/real.hpp"
#include "check/memory/accesses.hpp"
#include "check/memory/pages.hpp"
#include "exported.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>

namespace curfew::check {
namespace {

constinit real_function<long(long, long, long, long, long, long, long)> next_syscall("syscall");
constinit real_function<ssize_t(int, void*, std::size_t)> next_read("read");
constinit real_function<ssize_t(int, const void*, std::size_t)> next_write("write");
constinit real_function<ssize_t(int, void*, std::size_t, int)> next_recv("recv");
constinit real_function<ssize_t(int, const void*, std::size_t, int)> next_send("send");
constinit real_function<ssize_t(int, void*, std::size_t, int, sockaddr*, socklen_t*)> next_recvfrom("recvfrom");
constinit real_function<ssize_t(int, const void*, std::size_t, int, const sockaddr*, socklen_t)> next_sendto("sendto");
constinit real_function<int(pollfd*, nfds_t, int)> next_poll("poll");
constinit real_function<int(int, epoll_event*, int, int)> next_epoll_wait("epoll_wait");

/// True when pages were closed and are open now. They stay so: a program that lives on them must go on.
bool open_buffer(const void* buffer, std::size_t size, bool write) noexcept {
  const auto begin = reinterpret_cast<std::uint64_t>(buffer);
  bool closed = false;
  for (std::uint64_t page = page_of(begin); page < begin + std::max<std::size_t>(size, 1); page += page_size) {
    if (!is_closed(reinterpret_cast<const void*>(page))) continue;
    closed = true;
    dead_range who;
    if (dead_range_at(std::max(page, begin), who))
      note_access(who, std::max(page, begin), reinterpret_cast<std::uint64_t>(__builtin_return_address(0)), write,
                  nullptr);
    open_pages(page, 1);
  }
  return closed;
}

template <class Call>
auto with_open_buffer(const void* buffer, std::size_t size, bool write, Call call) {
  auto result = call();
  if (result < 0 && errno == EFAULT && exiting()) {
    if (open_buffer(buffer, size, write))
      result = call();
    else
      errno = EFAULT;
  }
  return result;
}

}  // namespace
}  // namespace curfew::check

using namespace curfew::check;

extern "C" {

/// Waits of std::atomic and of other languages come this way, and take EFAULT for the end of the world.
CURFEW_EXPORTED long syscall(long number, ...) noexcept {
  va_list rest;
  va_start(rest, number);
  long words[6];
  for (long& word : words) word = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_rt_sigprocmask && record != nullptr && words[1] != 0 && words[0] != SIG_UNBLOCK) {
    // The kernel's set is a word; a fault signal that is blocked ends the process without being asked.
    std::uint64_t set = 0;
    __builtin_memcpy(&set, reinterpret_cast<const void*>(words[1]), sizeof set);
    set &= ~fault_signal_set();
    return next_syscall.get()(number, words[0], reinterpret_cast<long>(&set), words[2], words[3], words[4], words[5]);
  }
  const long result = next_syscall.get()(number, words[0], words[1], words[2], words[3], words[4], words[5]);
  if (number != SYS_futex || result != -1 || errno != EFAULT || !exiting() ||
      !is_closed(reinterpret_cast<const void*>(words[0])))
    return result;
  // The exiting thread may wait for ever here, and that is to be seen.
  if (is_exiting_thread() && lift_page(static_cast<std::uint64_t>(words[0]))) {
    const long again = next_syscall.get()(number, words[0], words[1], words[2], words[3], words[4], words[5]);
    const int error = errno;
    leave_page(page_of(static_cast<std::uint64_t>(words[0])));
    errno = error;
    return again;
  }
  const timespec shortly{0, 500'000};
  kernel_call(SYS_nanosleep, &shortly, nullptr);
  errno = EAGAIN;  // the word is not what it was: look again
  return -1;
}

CURFEW_EXPORTED ssize_t read(int fd, void* to, std::size_t size) {
  return with_open_buffer(to, size, true, [&] { return next_read.get()(fd, to, size); });
}
CURFEW_EXPORTED ssize_t write(int fd, const void* from, std::size_t size) {
  return with_open_buffer(from, size, false, [&] { return next_write.get()(fd, from, size); });
}
CURFEW_EXPORTED ssize_t recv(int fd, void* to, std::size_t size, int flags) {
  return with_open_buffer(to, size, true, [&] { return next_recv.get()(fd, to, size, flags); });
}
CURFEW_EXPORTED ssize_t send(int fd, const void* from, std::size_t size, int flags) {
  return with_open_buffer(from, size, false, [&] { return next_send.get()(fd, from, size, flags); });
}
CURFEW_EXPORTED ssize_t recvfrom(int fd, void* to, std::size_t size, int flags, sockaddr* address, socklen_t* length) {
  return with_open_buffer(to, size, true, [&] { return next_recvfrom.get()(fd, to, size, flags, address, length); });
}
CURFEW_EXPORTED ssize_t sendto(int fd, const void* from, std::size_t size, int flags, const sockaddr* address,
                               socklen_t length) {
  return with_open_buffer(from, size, false, [&] { return next_sendto.get()(fd, from, size, flags, address, length); });
}
CURFEW_EXPORTED int poll(pollfd* set, nfds_t count, int timeout) {
  return with_open_buffer(set, count * sizeof *set, true, [&] { return next_poll.get()(set, count, timeout); });
}
CURFEW_EXPORTED int epoll_wait(int fd, epoll_event* to, int count, int timeout) {
  return with_open_buffer(to, static_cast<std::size_t>(std::max(count, 1)) * sizeof *to, true,
                          [&] { return next_epoll_wait.get()(fd, to, count, timeout); });
}

}  // extern "C"
