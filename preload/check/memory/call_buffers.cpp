// SPDX-License-Identifier: Apache-2.0
#include "check/memory/call_buffers.hpp"

#include "check/linux/safe_read.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>

namespace curfew::check {
namespace {

struct known_call {
  long call;
  unsigned argument;
  bool written;
};
constexpr known_call known_calls[] = {
    {SYS_futex, 0, false},
    {SYS_read, 1, true},
    {SYS_write, 1, false},
    {SYS_pread64, 1, true},
    {SYS_pwrite64, 1, false},
    {SYS_recvfrom, 1, true},
    {SYS_recvfrom, 4, true},
    {SYS_sendto, 1, false},
    {SYS_accept, 1, true},
    {SYS_accept4, 1, true},
    {SYS_ppoll, 0, true},
    {SYS_pselect6, 1, true},
    {SYS_pselect6, 2, true},
    {SYS_pselect6, 3, true},
    {SYS_epoll_pwait, 1, true},
    {SYS_wait4, 1, true},
    {SYS_waitid, 2, true},
    {SYS_rt_sigtimedwait, 1, true},
    {SYS_mq_timedreceive, 1, true},
    {SYS_mq_timedsend, 1, false},
    {SYS_msgrcv, 1, true},
#ifdef SYS_poll
    {SYS_poll, 0, true},
    {SYS_select, 1, true},
    {SYS_select, 2, true},
    {SYS_select, 3, true},
    {SYS_epoll_wait, 1, true},
#endif
};

bool is_dead(std::uint64_t address, bool written, dead_buffer& to) noexcept {
  if (address == 0 || !dead_range_at(address, to.who)) return false;
  to.address = address;
  to.written = written;
  return true;
}

/// The list of buffers is most often on the thread's own stack, and they are elsewhere.
bool any_of_list_is_dead(std::uint64_t list, std::uint64_t count, bool written, dead_buffer& to) noexcept {
  constexpr std::uint64_t enough = 16;
  if (is_dead(list, false, to)) return true;
  iovec one{};
  for (std::uint64_t i = 0; i < std::min(count, enough); ++i) {
    if (!read_safely(list + i * sizeof one, &one, sizeof one)) return false;
    if (one.iov_len != 0 && is_dead(reinterpret_cast<std::uint64_t>(one.iov_base), written, to)) return true;
  }
  return false;
}

}  // namespace

bool dead_buffer_of(const sleeping& in, dead_buffer& to) noexcept {
  for (const auto& known : known_calls)
    if (const auto at = known.argument == 0 ? in.first_argument : in.arguments[known.argument];
        known.call == in.call && is_dead(at, known.written, to))
      return true;
  switch (in.call) {
    case SYS_readv:
      return any_of_list_is_dead(in.arguments[1], in.arguments[2], true, to);
    case SYS_writev:
      return any_of_list_is_dead(in.arguments[1], in.arguments[2], false, to);
    case SYS_recvmsg:
    case SYS_sendmsg: {
      msghdr message{};
      if (is_dead(in.arguments[1], in.call == SYS_recvmsg, to)) return true;
      return read_safely(in.arguments[1], &message, sizeof message) &&
             any_of_list_is_dead(reinterpret_cast<std::uint64_t>(message.msg_iov), message.msg_iovlen,
                                 in.call == SYS_recvmsg, to);
    }
    default:
      return false;
  }
}

}  // namespace curfew::check
