// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/errno_keeper.hpp"
#include "os/kernel_call.hpp"
#include "os/small_text.hpp"
#include "os/tasks.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace curfew::inline v1::detail::os {
namespace {

/// As getdents64 writes them.
struct directory_entry {
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short size;
  unsigned char type;
  char name[1];
};

/// Reads a small file of /proc/self/task whole. Empty when it is not there.
std::string_view read_file(pid_t tid, const char* file, std::span<char> buffer) noexcept {
  small_text<64> path;
  path << "/proc/self/task/" << tid << "/" << file;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  return {buffer.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
}

std::uint64_t next_number(std::string_view& text, int base) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  if (base == 16 && text.starts_with("0x")) text.remove_prefix(2);
  std::uint64_t value = 0;
  while (!text.empty()) {
    const char c = text.front();
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
    if (digit >= base) break;
    value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
    text.remove_prefix(1);
  }
  return value;
}

/// The numbers that a directory's entries have for names: as many as fit. Returns how many there are; -1: cannot say.
int list_numbers(const char* directory, std::span<int> numbers) noexcept {
  const int fd = ::open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int count = 0;
  alignas(directory_entry) char buffer[4096];
  for (;;) {
    const long n = kernel_call(SYS_getdents64, fd, buffer, sizeof buffer);
    if (n <= 0) break;
    for (long at = 0; at < n;) {
      const auto* entry = reinterpret_cast<const directory_entry*>(buffer + at);
      at += entry->size;
      if (entry->name[0] < '0' || entry->name[0] > '9') continue;
      if (static_cast<std::size_t>(count) < numbers.size())
        numbers[static_cast<std::size_t>(count)] = std::atoi(entry->name);
      ++count;
    }
  }
  ::close(fd);
  return count;
}

/// Could it be a thread of this process, a frozen one even, that is to read what is written there? True when unknown.
bool is_read_here(int fd) noexcept {
  struct stat written {};
  if (::fstat(fd, &written) != 0) return true;
  if (S_ISSOCK(written.st_mode)) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == ::getpid();
  }
  if (!S_ISFIFO(written.st_mode)) return false;
  int open[1024];
  const int count = list_numbers("/proc/self/fd", open);
  if (count < 0 || count > static_cast<int>(std::size(open))) return true;
  return std::any_of(open, open + count, [&written](int other) {
    struct stat read {};
    return ::fstat(other, &read) == 0 && read.st_dev == written.st_dev && read.st_ino == written.st_ino &&
           (::fcntl(other, F_GETFL) & O_ACCMODE) != O_WRONLY;
  });
}

/// At most 15 bytes, not ending inside a UTF-8 character.
std::size_t fitting(const char* name, std::size_t size) noexcept {
  constexpr std::size_t most = 15;
  if (size <= most) return size;
  std::size_t n = most;
  while (n > 0 && (static_cast<unsigned char>(name[n]) & 0xc0) == 0x80) --n;
  return n;
}

}  // namespace

int list_tasks(std::span<pid_t> ids) noexcept {
  const errno_keeper keep;
  return list_numbers("/proc/self/task", ids);
}

int list_descriptors(std::span<int> numbers) noexcept {
  const errno_keeper keep;
  return list_numbers("/proc/self/fd", numbers);
}

bool blocks_signal(pid_t tid, int number) noexcept {
  const errno_keeper keep;
  char buffer[2048];
  const std::string_view text = read_file(tid, "status", buffer);
  constexpr std::string_view key = "\nSigBlk:";
  const auto at = text.find(key);
  if (at == std::string_view::npos) return true;
  auto rest = text.substr(at + key.size());
  return (next_number(rest, 16) >> (number - 1) & 1) != 0;
}

task_work read_work(pid_t tid) noexcept {
  const errno_keeper keep;
  task_work work;
  char buffer[512];
  std::string_view text = read_file(tid, "schedstat", buffer);
  work.run_ns = next_number(text, 10);
  work.delayed_ns = next_number(text, 10);
  text = read_file(tid, "io", buffer);
  for (const char* key : {"\nsyscr: ", "\nsyscw: "})
    if (const auto at = text.find(key); at != std::string_view::npos) {
      auto rest = text.substr(at + std::strlen(key));
      work.transfers += next_number(rest, 10);
    }
  return work;
}

std::uint64_t signals_pending_for(pid_t tid) noexcept {
  const errno_keeper keep;
  char buffer[2048];
  const std::string_view text = read_file(tid, "status", buffer);
  constexpr std::string_view key = "\nSigPnd:";
  const auto at = text.find(key);
  if (at == std::string_view::npos) return 0;
  auto rest = text.substr(at + key.size());
  return next_number(rest, 16);
}

bool read_task(pid_t tid, task_status& status) noexcept {
  const errno_keeper keep;
  status = {.tid = tid};
  char buffer[2048];
  std::string_view text = read_file(tid, "stat", buffer);
  // "tid (name) S …": the name may hold anything, so the last parenthesis counts.
  const auto close = text.rfind(')');
  if (close == std::string_view::npos || close + 2 >= text.size()) return false;
  status.state = text[close + 2];

  text = read_file(tid, "status", buffer);
  const auto number_behind = [text](std::string_view key) -> std::uint64_t {
    const auto at = text.find(key);
    if (at == std::string_view::npos) return 0;
    auto rest = text.substr(at + key.size());
    return next_number(rest, 10);
  };
  status.sleeps = number_behind("\nvoluntary_ctxt_switches:");
  status.switches = status.sleeps + number_behind("\nnonvoluntary_ctxt_switches:");

  text = read_file(tid, "syscall", buffer);  // "202 0x7f… 0x80 …", or "running"
  if (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    status.call = static_cast<long>(next_number(text, 10));
    for (auto& argument : status.arguments) argument = next_number(text, 16);
    status.stack_pointer = next_number(text, 16);
    status.code = next_number(text, 16);
    // A futex wait's time limit is its fourth argument: what there is of it that matters is whether there is one.
    status.has_limit = status.arguments[3] != 0;
  }
  return true;
}

bool read_task_call(pid_t tid, task_call& call) noexcept {
  const errno_keeper keep;
  char buffer[256];
  std::string_view text = read_file(tid, "syscall", buffer);
  // "202 0x7f… 0x80 …": the number, six arguments, the stack and the address. "-1 …" and "running": in none.
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  call.number = static_cast<long>(next_number(text, 10));
  for (auto& argument : call.arguments) argument = next_number(text, 16);
  call.stack = next_number(text, 16);
  call.code = next_number(text, 16);
  return true;
}

bool is_kernel_worker(pid_t tid) noexcept {
  const errno_keeper keep;
  char buffer[512];
  std::string_view text = read_file(tid, "stat", buffer);
  const auto close = text.rfind(')');
  if (close == std::string_view::npos) return false;
  text.remove_prefix(close + 1);
  // " S ppid pgrp session tty tpgid flags …": the flags are the seventh field behind the name.
  for (int field = 0; field < 6; ++field) {
    text.remove_prefix(std::min(text.size(), text.find(' ') + 1));
    text.remove_prefix(std::min(text.size(), text.find(' ')));
  }
  constexpr std::uint64_t io_worker = 0x10, user_worker = 0x4000;
  return (next_number(text, 10) & (io_worker | user_worker)) != 0;
}

const int sanitizer_tasks = CURFEW_TSAN;

bool waits_for_ever_on_futex(const task_status& status) noexcept { return waits_on_futex(status) && !status.has_limit; }

bool waits_on_futex(const task_status& status) noexcept {
  if (status.call != SYS_futex) return false;
  const auto operation = status.arguments[1] & FUTEX_CMD_MASK;
  return operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET || operation == FUTEX_LOCK_PI;
}

bool waits_for_reader(const task_status& status) noexcept {
  const errno_keeper keep;
  static constexpr long calls[] = {SYS_write,  SYS_writev,  SYS_pwrite64, SYS_pwritev, SYS_pwritev2,
                                   SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_sendfile};
  return std::ranges::find(calls, status.call) != std::ranges::end(calls) &&
         !is_read_here(static_cast<int>(status.arguments[0]));
}

memory_kind kind_of_memory(std::uint64_t address) noexcept {
  const errno_keeper keep;
  // The thread's: the process's is empty when main has left by pthread_exit.
  const int fd = ::open("/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return memory_kind::unknown;
  // Lines of "begin-end rwxp …", in a window that slides over the file.
  char window[4096];
  std::size_t filled = 0;
  auto kind = memory_kind::none;
  for (;;) {
    const ssize_t n = ::read(fd, window + filled, sizeof window - filled);
    if (n > 0) filled += static_cast<std::size_t>(n);
    std::string_view text(window, filled);
    bool found = false;
    for (auto end = text.find('\n'); end != std::string_view::npos && !found; end = text.find('\n')) {
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end + 1);
      const std::uint64_t from = next_number(line, 16);
      line.remove_prefix(std::min<std::size_t>(line.size(), 1));
      const std::uint64_t to = next_number(line, 16);
      found = address >= from && address < to && line.size() > 4;
      if (found) kind = line[4] == 's' ? memory_kind::shared : memory_kind::own;
    }
    if (found || n <= 0) break;
    if (text.size() == sizeof window) break;  // no such line is that long
    std::memmove(window, text.data(), text.size());
    filled = text.size();
  }
  ::close(fd);
  return kind;
}

const char* call_name(long number) noexcept {
  switch (number) {
    case SYS_futex:
      return "a lock, a condition or a join (futex)";
    case SYS_read:
    case SYS_readv:
    case SYS_pread64:
      return "read";
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
      return "write";
    case SYS_recvfrom:
    case SYS_recvmsg:
      return "recv";
    case SYS_sendto:
    case SYS_sendmsg:
      return "send";
    case SYS_accept:
    case SYS_accept4:
      return "accept";
    case SYS_connect:
      return "connect";
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
      return "sleep";
    case SYS_ppoll:
    case SYS_pselect6:
      return "poll";
    case SYS_epoll_pwait:
      return "epoll_wait";
    case SYS_wait4:
    case SYS_waitid:
      return "wait for a child process";
    case SYS_rt_sigtimedwait:
    case SYS_rt_sigsuspend:
      return "wait for a signal";
    case SYS_openat:
      return "open";
    case SYS_flock:
    case SYS_fcntl:
      return "file lock";
    case SYS_fsync:
    case SYS_fdatasync:
      return "fsync";
#if CURFEW_CPU_X86_64
    case SYS_poll:
    case SYS_select:
      return "poll";
    case SYS_epoll_wait:
      return "epoll_wait";
    case SYS_pause:
      return "pause";
    case SYS_open:
      return "open";
#endif
    default:
      return nullptr;
  }
}

void name_own_task(const char* name, std::size_t size) noexcept {
  const errno_keeper keep;
  char cut[16] = {};
  std::memcpy(cut, name, fitting(name, size));
  kernel_call(SYS_prctl, PR_SET_NAME, cut);
}

void name_task(pid_t tid, const char* name, std::size_t size) noexcept {
  if (tid == ::gettid()) return name_own_task(name, size);
  const errno_keeper keep;
  small_text<64> path;
  path << "/proc/self/task/" << tid << "/comm";
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t n = ::write(fd, name, fitting(name, size));
  ::close(fd);
}

std::string_view name_of_task(pid_t tid, std::span<char> buffer) noexcept {
  const errno_keeper keep;
  std::string_view name = read_file(tid, "comm", buffer);
  if (name.ends_with('\n')) name.remove_suffix(1);
  return name;
}

bool thread_exists(pid_t tid) noexcept {
  const errno_keeper keep;
  return kernel_call(SYS_tgkill, ::getpid(), tid, 0) != -ESRCH;
}

bool is_first_task() noexcept { return ::gettid() == ::getpid(); }

}  // namespace curfew::inline v1::detail::os

#endif
