// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/futex.hpp"
#include "os/kernel_call.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace curfew::inline v1::detail::os {

namespace {

/// A deadline as the kernel wants it: null for none.
class time_limit {
 public:
  explicit time_limit(steady_time deadline) noexcept : set_(deadline != forever) {
    const auto ns = deadline.time_since_epoch().count();
    at_.tv_sec = ns / 1'000'000'000;
    at_.tv_nsec = ns % 1'000'000'000;
  }
  [[nodiscard]] const timespec* get() const noexcept { return set_ ? &at_ : nullptr; }

 private:
  timespec at_{};
  bool set_;
};

/// False when the limit has passed.
[[gnu::always_inline]] inline bool wait(const futex_word& word, std::uint32_t expected, const timespec* limit,
                                        std::uint32_t mark = no_mark) {
  // The bitset form takes an absolute time of CLOCK_MONOTONIC, which is what steady_clock is.
  return kernel_call(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, limit, nullptr, mark) !=
         -ETIMEDOUT;
}

#if defined(__GLIBC__)
/// A raw system call is no cancellation point, so the thread can be cancelled at any instruction of this function, as
/// in the C library's own. There is no landing pad for that: what has to be cleaned up belongs to the callers.
[[gnu::noinline]] bool cancellable_wait(const futex_word& word, std::uint32_t expected, const timespec* limit) {
  int before;
  int asynchronous;
  // NOLINTNEXTLINE(concurrency-thread-canceltype-asynchronous): see above
  ::pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before);
  const bool in_time = wait(word, expected, limit);
  ::pthread_setcanceltype(before, &asynchronous);
  return in_time;
}
#else
bool cancellable_wait(const futex_word& word, std::uint32_t expected, const timespec* limit) noexcept {
  return wait(word, expected, limit);
}
#endif

}  // namespace

bool futex_wait(const futex_word& word, std::uint32_t expected, steady_time deadline, std::uint32_t mark) noexcept {
  const errno_keeper keep;
  return wait(word, expected, time_limit(deadline).get(), mark);
}

bool futex_wait_cancellable(const futex_word& word, std::uint32_t expected, steady_time deadline) {
  const errno_keeper keep;
#if CURFEW_TSAN
  const auto slice = std::min(deadline, now_steady() + std::chrono::milliseconds(10));
  cancellable_wait(word, expected, time_limit(slice).get());
  ::usleep(1);  // one that ThreadSanitizer knows
  return now_steady() < deadline;
#else
  return cancellable_wait(word, expected, time_limit(deadline).get());
#endif
}

bool futex_wait_for_signal(const futex_word& word, std::uint32_t expected, steady_time deadline,
                           std::uint32_t mark) noexcept {
#if CURFEW_TSAN
  const auto slice = std::min(deadline, now_steady() + std::chrono::milliseconds(10));
  futex_wait(word, expected, slice, mark);
  ::usleep(1);  // one that ThreadSanitizer knows
  return now_steady() < deadline;
#else
  return futex_wait(word, expected, deadline, mark);
#endif
}

void futex_wake(const futex_word& word, int how_many) noexcept {
  kernel_call(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, how_many);
}

}  // namespace curfew::inline v1::detail::os

#endif
