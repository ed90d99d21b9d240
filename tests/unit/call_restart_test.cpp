// SPDX-License-Identifier: Apache-2.0
// A thread that is frozen asleep in a system call, and thawed again, does not notice: no call returns EINTR, none ends
// before its time, and a handler of the program's that comes meanwhile still ends the calls that it ends.
#include <support/sanitizers.hpp>
#include "os/clock.hpp"
#include "os/freeze.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

namespace {

namespace os = curfew::detail::os;
using std::chrono::milliseconds;
using clock_type = std::chrono::steady_clock;

constexpr const char* handlers_are_called_late =
    "ThreadSanitizer calls handlers late, with a copy of what the signal interrupted: nothing can be restarted from it";

constexpr milliseconds whole{400};
constexpr timespec whole_time{0, 400'000'000};

/// A thread of its own that makes one call.
class sleeper {
 public:
  explicit sleeper(std::function<int()> call)
      : thread_([this, call = std::move(call)] {
          os::adopt_cell(cell_, ::gettid());
          began_ = clock_type::now();
          errno = 0;
          result_ = call();
          error_ = errno;
          took_ = std::chrono::duration_cast<milliseconds>(clock_type::now() - began_);
          over_ = true;
          os::drop_cell();
        }) {
    while (cell_.tid.load() == 0) std::this_thread::yield();
    std::this_thread::sleep_for(milliseconds(60));
  }
  /// Freezes it, waits, and lets it go.
  void disturb(bool with_note = true) {
    os::freeze_cell* const cells[] = {&cell_};
    os::freezer freezer(cells, with_note);
    EXPECT_EQ(freezer.wait(os::now_steady() + std::chrono::seconds(5)), 0U);
    std::this_thread::sleep_for(milliseconds(30));
    os::thaw(cells, os::now_steady() + std::chrono::seconds(5));
    std::this_thread::sleep_for(milliseconds(20));
  }
  void join() { thread_.join(); }
  [[nodiscard]] pthread_t handle() { return thread_.native_handle(); }
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] int result() const { return result_; }
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] milliseconds took() const { return took_; }

 private:
  os::freeze_cell cell_;
  std::atomic<bool> over_{false};
  int result_ = 0;
  int error_ = 0;
  clock_type::time_point began_;
  milliseconds took_{0};
  std::thread thread_;
};

struct timed_call {
  const char* name;
  int (*call)();
  int result;
  int error;
  bool exact;  ///< what was left is known to the millisecond; otherwise it ends late, by what it had slept before
};

int recv_with_limit() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 7;
  const timeval limit{0, 400'000};
  ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  char c;
  return static_cast<int>(::recv(ends[0], &c, 1, 0));
}

int semaphores_with_limit() {
  const int set = ::semget(IPC_PRIVATE, 1, 0600);
  sembuf down{0, -1, 0};
  const int result = ::semtimedop(set, &down, 1, &whole_time);
  const int error = errno;
  ::semctl(set, 0, IPC_RMID);
  errno = error;
  return result;
}

int select_with_limit() {
  timeval limit{0, 400'000};
  return ::select(0, nullptr, nullptr, nullptr, &limit);
}

int semaphore_with_limit() {
  sem_t semaphore;
  ::sem_init(&semaphore, 0, 0);
  timespec until;
  ::clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += 400'000'000;
  if (until.tv_nsec > 999'999'999) {
    until.tv_nsec -= 1'000'000'000;
    ++until.tv_sec;
  }
  return ::sem_timedwait(&semaphore, &until);
}

int signal_with_limit() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return ::sigtimedwait(&set, nullptr, &whole_time);
}

int sleep_until() {
  timespec until;
  ::clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += 400'000'000;
  if (until.tv_nsec > 999'999'999) {
    until.tv_nsec -= 1'000'000'000;
    ++until.tv_sec;
  }
  return ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

const timed_call calls[] = {
    {"nanosleep", [] { return ::nanosleep(&whole_time, nullptr); }, 0, 0, true},
    {"usleep", [] { return ::usleep(400'000); }, 0, 0, true},
    {"clock_nanosleep", [] { return ::clock_nanosleep(CLOCK_MONOTONIC, 0, &whole_time, nullptr); }, 0, 0, true},
    {"clock_nanosleep until", &sleep_until, 0, 0, true},
    {"poll", [] { return ::poll(nullptr, 0, 400); }, 0, 0, true},
    {"ppoll", [] { return ::ppoll(nullptr, 0, &whole_time, nullptr); }, 0, 0, true},
    {"select", &select_with_limit, 0, 0, true},
    {"pselect", [] { return ::pselect(0, nullptr, nullptr, nullptr, &whole_time, nullptr); }, 0, 0, true},
    {"sem_timedwait", &semaphore_with_limit, -1, ETIMEDOUT, true},
    {"syscall(nanosleep)", [] { return static_cast<int>(::syscall(SYS_nanosleep, &whole_time, nullptr)); }, 0, 0, true},
    {"epoll_wait",
     [] {
       epoll_event event;
       return ::epoll_wait(::epoll_create1(0), &event, 1, 400);
     },
     0, 0, false},
    {"epoll_pwait2",
     [] {
       epoll_event event;
       return static_cast<int>(::syscall(SYS_epoll_pwait2, ::epoll_create1(0), &event, 1, &whole_time, nullptr, 8));
     },
     0, 0, false},
    {"sigtimedwait", &signal_with_limit, -1, EAGAIN, false},
    {"semtimedop", &semaphores_with_limit, -1, EAGAIN, false},
    {"recv with SO_RCVTIMEO", &recv_with_limit, -1, EAGAIN, false},
};

/// Ends by its limit, not before; true when it has not ended late either.
bool ends_in_time(const timed_call& c) {
  sleeper s(c.call);
  for (int i = 0; i < 3; ++i) s.disturb();
  const auto from_scratch = clock_type::now() + whole - milliseconds(20);
  s.join();
  if (s.error() == ENOSYS) return true;
  EXPECT_EQ(s.result(), c.result);
  if (c.result != 0) {
    EXPECT_EQ(s.error(), c.error);
  }
  EXPECT_GE(s.took(), whole);
  return clock_type::now() < from_scratch;
}

TEST(call_restart, a_call_with_a_time_limit_ends_by_it_and_not_before) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << handlers_are_called_late;
  ASSERT_TRUE(os::prepare_freezing());
  for (const auto& c : calls) {
    SCOPED_TRACE(c.name);
    // On a busy machine any sleep may be late. One that is begun from scratch is late always.
    bool in_time = ends_in_time(c);
    for (int tries = 0; c.exact && !in_time && tries < 5; ++tries) in_time = ends_in_time(c);
    EXPECT_TRUE(in_time || !c.exact);
  }
}

TEST(call_restart, a_call_without_a_limit_is_not_ended) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << handlers_are_called_late;
  ASSERT_TRUE(os::prepare_freezing());
  static std::atomic<bool> handled;
  struct sigaction action {};
  action.sa_handler = [](int) { handled = true; };
  ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
  const std::pair<const char*, int (*)()> endless[] = {
      {"pause", [] { return ::pause(); }},
      {"syscall(pause)", [] { return static_cast<int>(::syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0)); }},
      {"poll", [] { return ::poll(nullptr, 0, -1); }},
      {"sigsuspend",
       [] {
         sigset_t none;
         sigemptyset(&none);
         return ::sigsuspend(&none);
       }},
      {"epoll_wait",
       [] {
         epoll_event event;
         return ::epoll_wait(::epoll_create1(0), &event, 1, -1);
       }},
      {"msgrcv",
       [] {
         struct {
           long type;
           char text[8];
         } message;
         const int queue = ::msgget(IPC_PRIVATE, 0600);
         const auto got = ::msgrcv(queue, &message, sizeof message.text, 0, 0);
         const int error = errno;
         ::msgctl(queue, IPC_RMID, nullptr);
         errno = error;
         return static_cast<int>(got);
       }},
      {"sem_wait",
       [] {
         sem_t semaphore;
         ::sem_init(&semaphore, 0, 0);
         return ::sem_wait(&semaphore);
       }},
      {"read",
       [] {
         int ends[2];
         char c;
         return ::pipe(ends) != 0 ? 7 : static_cast<int>(::read(ends[0], &c, 1));
       }},
  };
  for (const auto& [name, call] : endless) {
    SCOPED_TRACE(name);
    handled = false;
    sleeper s(call);
    for (int i = 0; i < 5; ++i) s.disturb();
    EXPECT_FALSE(s.over());
    // A handler of the program's ends it, as ever.
    ::pthread_kill(s.handle(), SIGUSR1);
    s.join();
    EXPECT_TRUE(handled);
    EXPECT_EQ(s.result(), -1);
    EXPECT_EQ(s.error(), EINTR);
  }
}

TEST(call_restart, a_handler_that_is_due_when_the_thread_is_thawed_ends_the_call) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << handlers_are_called_late;
  ASSERT_TRUE(os::prepare_freezing());
  struct sigaction action {};
  action.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
  int (*const some[])() = {[] { return ::pause(); }, [] { return ::poll(nullptr, 0, -1); },
                           [] {
                             int ends[2];
                             char c;
                             return ::pipe(ends) != 0 ? 7 : static_cast<int>(::read(ends[0], &c, 1));
                           }};
  for (const auto call : some) {
    os::freeze_cell cell;
    std::atomic<int> error{0};
    std::thread t([&] {
      os::adopt_cell(cell, ::gettid());
      if (call() == -1) error = errno;
      os::drop_cell();
    });
    while (cell.tid.load() == 0) std::this_thread::yield();
    std::this_thread::sleep_for(milliseconds(60));
    os::freeze_cell* const cells[] = {&cell};
    {
      os::freezer freezer(cells, true);
      EXPECT_EQ(freezer.wait(os::now_steady() + std::chrono::seconds(5)), 0U);
      ::pthread_kill(t.native_handle(), SIGUSR1);
      os::thaw(cells, os::now_steady() + std::chrono::seconds(5));
    }
    t.join();
    EXPECT_EQ(error, EINTR);
  }
}

}  // namespace
