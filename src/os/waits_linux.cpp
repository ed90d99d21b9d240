// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/call_restart.hpp"
#include "os/errno_keeper.hpp"
#include "os/freeze.hpp"
#include "os/small_text.hpp"
#include "os/waits.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string_view>

namespace curfew::inline v1::detail::os {
namespace {

using std::chrono::nanoseconds;

constexpr int most_descriptors = 256;
constexpr auto no_end = nanoseconds::max();

/// Descriptors that are open, as many as fit. Static: the threads that ask for this have small stacks, and only one of
/// them asks.
std::span<const int> open_descriptors() noexcept {
  static constinit int numbers[most_descriptors];
  const int count = list_descriptors(numbers);
  return {numbers, static_cast<std::size_t>(std::clamp(count, 0, most_descriptors))};
}

struct address {
  sockaddr_storage value{};
  socklen_t size = sizeof value;
  [[nodiscard]] bool is(const address& other) const noexcept {
    return size == other.size && std::memcmp(&value, &other.value, size) == 0;
  }
};

/// Does this process hold the other end of a connected socket?
bool has_other_end_of_socket(int fd) noexcept {
  address peer;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer.value), &peer.size) != 0) return false;
  const auto family = peer.value.ss_family;
  for (const int other : open_descriptors()) {
    if (other == fd) continue;
    address own;
    if (::getsockname(other, reinterpret_cast<sockaddr*>(&own.value), &own.size) != 0) continue;
    if (own.value.ss_family != family) continue;
    if (family == AF_INET || family == AF_INET6) {
      if (own.is(peer)) return true;
      continue;
    }
    // Sockets of a pair have no names: another one that was made here, and whose other end was, too.
    ucred made_by{};
    socklen_t size = sizeof made_by;
    const auto made_here = [&](int socket) {
      size = sizeof made_by;
      return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &made_by, &size) == 0 && made_by.pid == ::getpid();
    };
    if (family == AF_UNIX && made_here(fd) && made_here(other)) return true;
  }
  return false;
}

/// What the kernel calls a descriptor that is no file's.
bool is_called(int fd, std::string_view what) noexcept {
  small_text<64> path;
  path << "/proc/self/fd/" << fd;
  char name[64];
  const ssize_t size = ::readlink(path.c_str(), name, sizeof name);
  return size > 0 && std::string_view(name, static_cast<std::size_t>(size)).find(what) != std::string_view::npos;
}

/// Is the other end of the descriptor in this process, so that a thread of it may be who is waited for?
bool is_fed_inside(int fd) noexcept {
  struct stat about {};
  if (fd < 0 || ::fstat(fd, &about) != 0) return false;
  if (S_ISSOCK(about.st_mode)) return has_other_end_of_socket(fd);
  if (S_ISFIFO(about.st_mode)) {
    const int way = ::fcntl(fd, F_GETFL) & O_ACCMODE;
    return std::ranges::any_of(open_descriptors(), [&](int other) {
      struct stat end {};
      return ::fstat(other, &end) == 0 && end.st_dev == about.st_dev && end.st_ino == about.st_ino &&
             (::fcntl(other, F_GETFL) & O_ACCMODE) != way;
    });
  }
  return is_called(fd, "[eventfd]");
}

/// What several descriptors together are.
class input {
 public:
  void add(int fd) noexcept { (is_fed_inside(fd) ? inside_ : outside_) = true; }
  [[nodiscard]] wait_for kind() const noexcept {
    if (inside_) return outside_ ? wait_for::mixed_input : wait_for::inside_input;
    return outside_ ? wait_for::outside_input : wait_for::time;
  }

 private:
  bool inside_ = false;
  bool outside_ = false;
};

wait_for kind_of_poll(std::uint64_t set, std::uint64_t count) noexcept {
  input all;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, 64); ++i) {
    pollfd one{};
    if (!read_own_memory(set + i * sizeof one, &one, sizeof one)) return wait_for::outside_input;
    if (one.fd >= 0) all.add(one.fd);
  }
  return all.kind();
}

wait_for kind_of_select(std::uint64_t count, std::uint64_t read, std::uint64_t write) noexcept {
  input all;
  for (const std::uint64_t at : {read, write}) {
    fd_set set;
    FD_ZERO(&set);
    const auto n = std::min<std::uint64_t>(count, FD_SETSIZE);
    if (at == 0) continue;
    // The kernel has taken its copy: what stands there is what was asked for.
    if (!read_own_memory(at, &set, (n + 7) / 8)) return wait_for::outside_input;
    for (int fd = 0; fd < static_cast<int>(n); ++fd)
      if (FD_ISSET(fd, &set)) all.add(fd);
  }
  return all.kind();
}

wait_for kind_of_epoll(int fd) noexcept {
  small_text<64> path;
  path << "/proc/self/fdinfo/" << fd;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return wait_for::outside_input;
  static char text[8192];
  const ssize_t size = ::read(file, text, sizeof text - 1);
  ::close(file);
  input all;
  std::string_view rest(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  constexpr std::string_view key = "tfd:";
  for (auto at = rest.find(key); at != std::string_view::npos; at = rest.find(key)) {
    rest.remove_prefix(at + key.size());
    int number = 0;
    for (const char c : rest) {
      if (c >= '0' && c <= '9')
        number = number * 10 + (c - '0');
      else if (c != ' ' && c != '\t')
        break;
      else if (number != 0)
        break;
    }
    all.add(number);
  }
  return all.kind();
}

nanoseconds in_ns(const timespec& t) noexcept {
  if (t.tv_sec < 0 || t.tv_sec > 1'000'000'000) return no_end;
  return std::chrono::seconds(t.tv_sec) + nanoseconds(t.tv_nsec);
}

/// What a time that stands at `at` leaves, at most.
nanoseconds time_left(std::uint64_t at, bool absolute, clockid_t clock) noexcept {
  timespec wanted{}, now{};
  if (at == 0 || !read_own_memory(at, &wanted, sizeof wanted)) return no_end;
  const auto end = in_ns(wanted);
  if (!absolute || end == no_end) return end;
  if (::clock_gettime(clock, &now) != 0) return no_end;
  return std::max(end - in_ns(now), nanoseconds(0));
}

nanoseconds milliseconds_left(std::uint64_t given) noexcept {
  const auto ms = static_cast<int>(given);
  return ms < 0 ? no_end : nanoseconds(std::chrono::milliseconds(ms));
}

/// Does the call end at a time of day, and not so long after it began?
bool is_absolute(const task_status& t) noexcept {
  if (t.call == SYS_clock_nanosleep) return (t.arguments[1] & TIMER_ABSTIME) != 0;
  return t.call == SYS_futex && (t.arguments[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
}

/// How long the call can last, at most.
nanoseconds limit_of(const task_status& t) noexcept {
  const auto& a = t.arguments;
  switch (t.call) {
    case SYS_nanosleep:
      return time_left(a[0], false, CLOCK_MONOTONIC);
    case SYS_clock_nanosleep:
      return time_left(a[2], is_absolute(t), static_cast<clockid_t>(a[0]));
    case SYS_futex: {
      const auto what = a[1] & FUTEX_CMD_MASK;
      if (what != FUTEX_WAIT && what != FUTEX_WAIT_BITSET) return no_end;
      return time_left(a[3], is_absolute(t), (a[1] & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC);
    }
    case SYS_ppoll:
    case SYS_rt_sigtimedwait:
      return time_left(a[2], false, CLOCK_MONOTONIC);
    case SYS_pselect6:
      return time_left(a[4], false, CLOCK_MONOTONIC);
    case SYS_epoll_pwait:
      return milliseconds_left(a[3]);
    case SYS_restart_syscall:
      return nanoseconds(0);
#if defined(SYS_poll)
    case SYS_poll:
      return milliseconds_left(a[2]);
    case SYS_epoll_wait:
      return milliseconds_left(a[3]);
    case SYS_select: {
      timeval wanted{};
      if (a[4] == 0 || !read_own_memory(a[4], &wanted, sizeof wanted)) return no_end;
      return in_ns({wanted.tv_sec, wanted.tv_usec * 1000});
    }
#endif
    default:
      return no_end;
  }
}

wait_for kind_of(const task_status& t) noexcept {
  const auto& a = t.arguments;
  switch (t.call) {
    case SYS_futex:
#if defined(SYS_futex_wait)
    case SYS_futex_wait:
#endif
#if defined(SYS_futex_waitv)
    case SYS_futex_waitv:
#endif
      return wait_for::another_thread;
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_restart_syscall:
      return wait_for::time;
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
      return wait_for::a_signal;
    case SYS_read:
    case SYS_readv:
    case SYS_pread64:
    case SYS_write:
    case SYS_writev:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_splice:
      return is_fed_inside(static_cast<int>(a[0])) ? wait_for::inside_input : wait_for::outside_input;
    case SYS_ppoll:
      return kind_of_poll(a[0], a[1]);
    case SYS_pselect6:
      return kind_of_select(a[0], a[1], a[2]);
    case SYS_epoll_pwait:
#if defined(SYS_epoll_pwait2)
    case SYS_epoll_pwait2:
#endif
      return kind_of_epoll(static_cast<int>(a[0]));
    case SYS_msgrcv:
    case SYS_msgsnd:
    case SYS_semop:
    case SYS_semtimedop:
    case SYS_mq_timedreceive:
    case SYS_mq_timedsend:
      return wait_for::mixed_input;
    case SYS_wait4:
    case SYS_waitid:
    case SYS_accept:
    case SYS_accept4:
    case SYS_connect:
    case SYS_flock:
    case SYS_fcntl:
    case SYS_openat:
      return wait_for::outside_input;
#if defined(SYS_poll)
    case SYS_poll:
      return kind_of_poll(a[0], a[1]);
    case SYS_select:
      return kind_of_select(a[0], a[1], a[2]);
    case SYS_epoll_wait:
      return kind_of_epoll(static_cast<int>(a[0]));
    case SYS_pause:
      return wait_for::a_signal;
#endif
    default:
      return wait_for::nothing;
  }
}

}  // namespace

bool waits_for_signal_of_timers(const task_status& status) noexcept {
  constexpr std::uint64_t timers_only = std::uint64_t{1} << (32 - 1);
  std::uint64_t set = 0;
  return status.call == SYS_rt_sigtimedwait && read_own_memory(status.arguments[0], &set, sizeof set) &&
         set == timers_only;
}

bool has_timers() noexcept {
  const errno_keeper keep;
  if (std::ranges::any_of(open_descriptors(), [](int fd) { return is_called(fd, "[timerfd]"); })) return true;
  // "ID: 0", "signal: 14/0x…", "notify: …", "ClockID: 1" of each timer.
  const int file = ::open("/proc/self/timers", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char text[4096];
  const ssize_t size = ::read(file, text, sizeof text);
  ::close(file);
  std::string_view rest(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  constexpr std::string_view key = "signal: ";
  for (auto at = rest.find(key); at != std::string_view::npos; at = rest.find(key)) {
    rest.remove_prefix(at + key.size());
    int number = 0;
    for (const char c : rest.substr(0, 3)) {
      if (c < '0' || c > '9') break;
      number = number * 10 + (c - '0');
    }
    if (!is_freeze_signal(number)) return true;  // by the freeze signal curfew's own timers speak
  }
  return false;
}

bool read_own_memory(std::uint64_t address, void* to, std::size_t size) noexcept {
  const errno_keeper keep;
  iovec into{to, size}, from{reinterpret_cast<void*>(address), size};
  return ::process_vm_readv(::getpid(), &into, 1, &from, 1, 0) == static_cast<ssize_t>(size);
}

sleep_facts facts_of_sleep(const task_status& seen, nanoseconds soon) noexcept {
  const errno_keeper keep;
  sleep_facts facts;
  if (seen.state != 'S') return facts;
  task_status t = seen;
  auto since = nanoseconds(0);
  if (task_call call; t.call == SYS_restart_syscall && read_restarted_call(t.tid, call, since)) {
    t.call = call.number;
    std::ranges::copy(call.arguments, t.arguments);
  }
  facts.what = kind_of(t);
  auto limit = limit_of(t);
  if (limit != no_end && !is_absolute(t)) limit -= std::min(limit, since);
  facts.ends_by_itself = limit != no_end;
  facts.ends_soon = limit < soon;
  return facts;
}

}  // namespace curfew::inline v1::detail::os

#endif
