// SPDX-License-Identifier: Apache-2.0
// Functions of the C library that the preload library calls, by the kernel's calls and for this library alone: the
// version script keeps them inside. Under their usual names the program, or another preloaded library, may have
// functions of its own (libfaketime's clock, uid_wrapper's ids, a tracer's open and write), which may take locks that a
// frozen thread holds, call back into the program, or say something else than the kernel does. imports.txt lists what
// is still asked of others, and why.
#include "os/kernel_call.hpp"

#if CURFEW_CPU_X86_64 || CURFEW_CPU_AARCH64

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

namespace {

using curfew::detail::os::kernel_call;

long with_errno(long result) noexcept {
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* to) noexcept {
  return static_cast<int>(with_errno(kernel_call(SYS_clock_gettime, clock, to)));
}

pid_t getpid() noexcept { return static_cast<pid_t>(kernel_call(SYS_getpid)); }
pid_t gettid() noexcept { return static_cast<pid_t>(kernel_call(SYS_gettid)); }
uid_t getuid() noexcept { return static_cast<uid_t>(kernel_call(SYS_getuid)); }
int sched_yield() noexcept { return static_cast<int>(kernel_call(SYS_sched_yield)); }

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return static_cast<int>(with_errno(kernel_call(SYS_openat, AT_FDCWD, path, flags, mode)));
}
int close(int fd) { return static_cast<int>(with_errno(kernel_call(SYS_close, fd))); }
ssize_t read(int fd, void* to, std::size_t size) { return with_errno(kernel_call(SYS_read, fd, to, size)); }
ssize_t write(int fd, const void* from, std::size_t size) { return with_errno(kernel_call(SYS_write, fd, from, size)); }
int fstat(int fd, struct stat* to) noexcept { return static_cast<int>(with_errno(kernel_call(SYS_fstat, fd, to))); }
int fcntl(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  const long argument = va_arg(more, long);
  va_end(more);
  return static_cast<int>(with_errno(kernel_call(SYS_fcntl, fd, command, argument)));
}

int poll(pollfd* fds, nfds_t count, int milliseconds) {
  const timespec limit{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
  const timespec* const until = milliseconds < 0 ? nullptr : &limit;
  return static_cast<int>(with_errno(kernel_call(SYS_ppoll, fds, count, until, nullptr, 8)));
}

int getsockopt(int fd, int level, int name, void* value, socklen_t* size) noexcept {
  return static_cast<int>(with_errno(kernel_call(SYS_getsockopt, fd, level, name, value, size)));
}

ssize_t process_vm_readv(pid_t pid, const iovec* to, unsigned long to_count, const iovec* from,
                         unsigned long from_count, unsigned long flags) noexcept {
  return with_errno(kernel_call(SYS_process_vm_readv, pid, to, to_count, from, from_count, flags));
}

int sigpending(sigset_t* set) noexcept { return static_cast<int>(with_errno(kernel_call(SYS_rt_sigpending, set, 8))); }
int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* limit) {
  return static_cast<int>(with_errno(kernel_call(SYS_rt_sigtimedwait, set, info, limit, 8)));
}

}  // extern "C"

#endif
