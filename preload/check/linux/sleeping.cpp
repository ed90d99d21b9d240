// SPDX-License-Identifier: Apache-2.0
#include "check/linux/sleeping.hpp"

#include "check/linux/kernel.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace curfew::check {

long read_small_file(const char* path, char* to, std::size_t size) noexcept {
  const long fd = kernel_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  std::size_t have = 0;
  while (have < size) {
    const long got = kernel_call(SYS_read, fd, to + have, size - have);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  kernel_call(SYS_close, fd);
  return static_cast<long>(have);
}

bool is_proc_ours() noexcept {
  // Asked once in each process: bit 0 is the answer.
  static constinit std::atomic<std::uint64_t> known{0};
  const auto tid = static_cast<std::uint64_t>(kernel_call(SYS_gettid)), pid = static_cast<std::uint64_t>(::getpid());
  if (const std::uint64_t before = known.load(); before >> 1 == pid) return (before & 1) != 0;
  char link[64], wanted[64];
  const long length = kernel_call(SYS_readlinkat, AT_FDCWD, "/proc/thread-self", link, sizeof link);
  const int size = std::snprintf(wanted, sizeof wanted, "%d/task/%d", static_cast<int>(pid), static_cast<int>(tid));
  const bool ours = length == size && std::memcmp(link, wanted, static_cast<std::size_t>(size)) == 0;
  known.store(pid << 1 | (ours ? 1U : 0U));
  return ours;
}

bool asleep(pid_t tid, sleeping& to) noexcept {
  if (!is_proc_ours()) return false;
  char path[64], text[256];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
  const long length = read_small_file(path, text, sizeof text - 1);
  if (length <= 0) return false;
  text[length] = '\0';
  if (text[0] < '0' || text[0] > '9') return false;  // "running", or -1 for one that was stopped elsewhere
  char* next = nullptr;
  to.call = std::strtol(text, &next, 10);
  for (int i = 0; i < 8; ++i) {
    const std::uint64_t value = std::strtoull(next, &next, 16);
    if (i == 0) to.first_argument = value;
    if (i < 6) to.arguments[i] = value;
    if (i == 7) to.pc = value;
  }
  return true;
}

bool has_limit(const sleeping& in) noexcept {
  switch (in.call) {
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_restart_syscall:
      return true;
    case SYS_futex:
      return in.arguments[3] != 0;
#ifdef SYS_poll
    case SYS_poll:
      return static_cast<int>(in.arguments[2]) > 0;
    case SYS_select:
      return in.arguments[4] != 0;
    case SYS_epoll_wait:
      return static_cast<int>(in.arguments[3]) > 0;
#endif
    case SYS_ppoll:
    case SYS_rt_sigtimedwait:
      return in.arguments[2] != 0;
    case SYS_pselect6:
      return in.arguments[4] != 0;
    case SYS_epoll_pwait:
      return static_cast<int>(in.arguments[3]) > 0;
    default:
      return false;
  }
}

bool blocks_signal(pid_t tid, int signal) noexcept {
  if (!is_proc_ours()) return true;
  char path[64], text[4096];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
  const long length = read_small_file(path, text, sizeof text - 1);
  if (length <= 0) return true;
  text[length] = '\0';
  const char* const blocked = std::strstr(text, "\nSigBlk:");
  return blocked == nullptr || (std::strtoull(blocked + 8, nullptr, 16) >> (signal - 1) & 1) != 0;
}

bool is_running(pid_t tid) noexcept { return kernel_call(SYS_tgkill, ::getpid(), tid, 0) == 0; }

bool is_ended_main(pid_t tid) noexcept {
  if (tid != ::getpid()) return false;
  char text[256];
  const long length = read_small_file("/proc/self/stat", text, sizeof text - 1);
  if (length <= 0) return false;
  text[length] = '\0';
  const char* const name_end = std::strrchr(text, ')');
  return name_end != nullptr && (name_end[2] == 'Z' || name_end[2] == 'X');
}

}  // namespace curfew::check
