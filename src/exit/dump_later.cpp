// SPDX-License-Identifier: Apache-2.0
// curfew/dump.hpp: when a dump is written.
#include "exit/dump.hpp"
#include "exit/probe_thread.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/defer.hpp"
#include "os/exit_calls.hpp"
#include "os/freeze.hpp"
#include "os/lock.hpp"
#include "os/small_text.hpp"

#include <fcntl.h>
#include <signal.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace curfew::inline v1 {
namespace detail {
namespace {

/// Constant-initialised and never destroyed.
struct later_state {
  os::lock mutex;
  os::futex_word news{0};
  bool has_thread = false;
  // Under the lock.
  steady_time due = os::forever;
  std::chrono::milliseconds every{0};
  dump_options how;
};
constinit later_state later;

class lock_later {
 public:
  lock_later() noexcept { later.mutex.acquire(); }
  ~lock_later() { later.mutex.release(); }
  lock_later(const lock_later&) = delete;
  lock_later& operator=(const lock_later&) = delete;

 private:
  os::no_freeze unfrozen_;
};

void tell_thread() noexcept {
  later.news.fetch_add(1);
  os::futex_wake(later.news);
}

/// The thread "curfew-dump".
void wait_and_dump() noexcept {
  for (;;) {
    const std::uint32_t seen = later.news.load();
    steady_time due;
    dump_options how;
    {
      const lock_later lock;
      due = later.due;
      how = later.how;
      if (due <= os::now_steady()) later.due = how.repeat ? os::later(os::now_steady(), later.every) : os::forever;
    }
    if (due > os::now_steady()) {
      os::futex_wait(later.news, seen, due, os::mark_of_own);
      continue;
    }
    dump(how.fd);
    if (!how.exit) continue;
    os::write_all(how.fd, "curfew: the process is ended here, with status 1, by dump_after\n");
    os::end_now(1);
  }
}

constexpr exit_helper dump_thread{"curfew-dump", &wait_and_dump};

constinit std::atomic<int> descriptors[NSIG] = {};  ///< of dump_on_signal: one more than the number
constinit struct sigaction before[NSIG] = {};

void handle(int number, siginfo_t*, void*) {
  const int error = errno;
  if (const int fd = descriptors[number].load(); fd != 0) dump(fd - 1);
  errno = error;
}

void check_descriptor(int fd) {
  if (::fcntl(fd, F_GETFD) < 0) throw std::system_error(errno, std::generic_category(), "curfew: no place for a dump");
}

bool is_of_a_fault(int signal) noexcept {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGTRAP;
}

}  // namespace

void forget_dumps_after_fork() noexcept {
  forget_writer_after_fork();
  later.mutex.release();
  later.has_thread = false;
  later.due = os::forever;
}

}  // namespace detail

void dump_after(std::chrono::milliseconds time, dump_options how) {
  using namespace detail;
  if (time <= std::chrono::milliseconds(0))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "curfew: dump_after needs a time above zero");
  check_descriptor(how.fd);
  prepare_dumps();
  bool has_thread;
  {
    const lock_later lock;
    later.due = os::later(os::now_steady(), time);
    later.every = time;
    later.how = how;
    has_thread = std::exchange(later.has_thread, true);
  }
  if (!has_thread && !make_exit_helper(dump_thread)) {
    const lock_later lock;
    later.has_thread = false;
    later.due = os::forever;
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                            "curfew: no thread for dump_after");
  }
  tell_thread();
}

bool cancel_dump_after() noexcept {
  using namespace detail;
  bool was_due;
  {
    const lock_later lock;
    was_due = std::exchange(later.due, os::forever) != os::forever;
  }
  if (was_due) tell_thread();
  return was_due;
}

void dump_on_signal(int signal, int fd) {
  using namespace detail;
  prepare_dumps();
  if (signal <= 0 || signal >= NSIG || is_of_a_fault(signal) || os::is_freeze_signal(signal))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument), "curfew: no signal to write a dump for");
  check_descriptor(fd);
  struct sigaction action {};
  action.sa_sigaction = &handle;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  ::sigfillset(&action.sa_mask);
  const lock_later lock;
  const bool is_set = descriptors[signal].exchange(fd + 1) != 0;
  struct sigaction old {};
  if (::sigaction(signal, &action, &old) != 0) {
    const int error = errno;
    descriptors[signal].store(0);
    throw std::system_error(error, std::generic_category(), "curfew: no signal to write a dump for");
  }
  if (!is_set) before[signal] = old;
}

bool cancel_dump_on_signal(int signal) noexcept {
  using namespace detail;
  if (signal <= 0 || signal >= NSIG) return false;
  const lock_later lock;
  if (descriptors[signal].load() == 0) return false;
  ::sigaction(signal, &before[signal], nullptr);
  descriptors[signal].store(0);
  return true;
}

}  // namespace curfew::inline v1
