// SPDX-License-Identifier: Apache-2.0
#include "dump/calls.hpp"

#include <linux/futex.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

#include <algorithm>

namespace curfew::tool::dump {
namespace {

struct known_call {
  long number;
  const char* name;
  int descriptor = -1;
};

constexpr known_call known[] = {
    {SYS_futex, "futex"},
#if defined(SYS_futex_waitv)
    {SYS_futex_waitv, "futex_waitv"},
#endif
#if defined(SYS_futex_wait)
    {SYS_futex_wait, "futex_wait"},
#endif
    {SYS_read, "read", 0},
    {SYS_readv, "readv", 0},
    {SYS_pread64, "pread64", 0},
    {SYS_write, "write", 0},
    {SYS_writev, "writev", 0},
    {SYS_pwrite64, "pwrite64", 0},
    {SYS_recvfrom, "recvfrom", 0},
    {SYS_recvmsg, "recvmsg", 0},
    {SYS_recvmmsg, "recvmmsg", 0},
    {SYS_sendto, "sendto", 0},
    {SYS_sendmsg, "sendmsg", 0},
    {SYS_accept, "accept", 0},
    {SYS_accept4, "accept4", 0},
    {SYS_connect, "connect", 0},
    {SYS_splice, "splice", 0},
    {SYS_flock, "flock", 0},
    {SYS_fcntl, "fcntl", 0},
    {SYS_fsync, "fsync", 0},
    {SYS_fdatasync, "fdatasync", 0},
    {SYS_ppoll, "ppoll"},
    {SYS_pselect6, "pselect6"},
    {SYS_epoll_pwait, "epoll_pwait", 0},
#if defined(SYS_epoll_pwait2)
    {SYS_epoll_pwait2, "epoll_pwait2", 0},
#endif
#if defined(SYS_poll)
    {SYS_poll, "poll"},
    {SYS_select, "select"},
    {SYS_epoll_wait, "epoll_wait", 0},
    {SYS_pause, "pause"},
#endif
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_restart_syscall, "restart_syscall"},
    {SYS_wait4, "wait4"},
    {SYS_waitid, "waitid"},
    {SYS_rt_sigtimedwait, "rt_sigtimedwait"},
    {SYS_rt_sigsuspend, "rt_sigsuspend"},
    {SYS_semop, "semop"},
    {SYS_semtimedop, "semtimedop"},
    {SYS_msgrcv, "msgrcv"},
    {SYS_msgsnd, "msgsnd"},
    {SYS_mq_timedreceive, "mq_timedreceive", 0},
    {SYS_mq_timedsend, "mq_timedsend", 0},
    {SYS_io_getevents, "io_getevents"},
#if defined(SYS_io_uring_enter)
    {SYS_io_uring_enter, "io_uring_enter", 0},
#endif
    {SYS_openat, "openat"},
};

const known_call* find(long number) {
  const auto* const one = std::ranges::find(known, number, &known_call::number);
  return one != std::end(known) ? one : nullptr;
}

}  // namespace

std::string name_of_call(long number) {
  const known_call* const one = find(number);
  return one != nullptr ? one->name : "system call " + std::to_string(number);
}

int descriptor_argument(long number) {
  const known_call* const one = find(number);
  return one != nullptr ? one->descriptor : -1;
}

bool is_poll(long number) {
#if defined(SYS_poll)
  if (number == SYS_poll) return true;
#endif
  return number == SYS_ppoll;
}

bool is_select(long number) {
#if defined(SYS_select)
  if (number == SYS_select) return true;
#endif
  return number == SYS_pselect6;
}

bool is_epoll(long number) {
#if defined(SYS_epoll_wait)
  if (number == SYS_epoll_wait) return true;
#endif
#if defined(SYS_epoll_pwait2)
  if (number == SYS_epoll_pwait2) return true;
#endif
  return number == SYS_epoll_pwait;
}

bool is_sleep(long number) { return number == SYS_nanosleep || number == SYS_clock_nanosleep; }

bool is_futex_wait(const system_call& call) {
  if (call.number != SYS_futex) return false;
  const auto what = call.arguments[1] & FUTEX_CMD_MASK;
  return what == FUTEX_WAIT || what == FUTEX_WAIT_BITSET || what == FUTEX_LOCK_PI || what == FUTEX_LOCK_PI2 ||
         what == FUTEX_WAIT_REQUEUE_PI;
}

std::uint64_t time_limit_of(const system_call& call) {
  if (is_futex_wait(call)) return call.arguments[3];
  if (call.number == SYS_nanosleep) return call.arguments[0];
  if (call.number == SYS_clock_nanosleep) return call.arguments[2];
  return 0;
}

std::vector<memory_range> memory_of(const system_call& call) {
  // Before and behind the word: what lies there belongs to the lock.
  constexpr std::uint64_t around = 64, most_polled = 256;
  const auto& a = call.arguments;
  std::vector<memory_range> all;
  if (is_futex_wait(call) && a[0] >= around) all.push_back({a[0] - around, a[0] + around});
  if (is_poll(call.number)) all.push_back({a[0], a[0] + std::min(a[1], most_polled) * sizeof(pollfd)});
  if (is_select(call.number))
    for (const std::uint64_t set : {a[1], a[2], a[3]})
      if (set != 0) all.push_back({set, set + sizeof(fd_set)});
  if (const std::uint64_t limit = time_limit_of(call); limit != 0) all.push_back({limit, limit + sizeof(timespec)});
  if (call.number == SYS_rt_sigtimedwait || call.number == SYS_rt_sigsuspend) all.push_back({a[0], a[0] + 8});
  return all;
}

}  // namespace curfew::tool::dump
