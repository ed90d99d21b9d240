// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/errno_keeper.hpp"
#include "os/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace curfew::inline v1::detail::os {

bool futex_wait(const futex_word& word, std::uint32_t expected, steady_time deadline) noexcept {
  const errno_keeper keep;
  timespec at{};
  timespec* limit = nullptr;
  if (deadline != forever) {
    const auto ns = deadline.time_since_epoch().count();
    at.tv_sec = ns / 1'000'000'000;
    at.tv_nsec = ns % 1'000'000'000;
    limit = &at;
  }
  // The bitset form takes an absolute time of CLOCK_MONOTONIC, which is what steady_clock is.
  const long r = ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, limit, nullptr,
                           FUTEX_BITSET_MATCH_ANY);
  return r == 0 || errno != ETIMEDOUT;
}

bool futex_wait_for_signal(const futex_word& word, std::uint32_t expected, steady_time deadline) noexcept {
#if CURFEW_TSAN
  const auto slice = std::min(deadline, std::chrono::steady_clock::now() + std::chrono::milliseconds(10));
  futex_wait(word, expected, slice);
  ::usleep(1);
  return std::chrono::steady_clock::now() < deadline;
#else
  return futex_wait(word, expected, deadline);
#endif
}

void futex_wake(const futex_word& word, int how_many) noexcept {
  const errno_keeper keep;
  ::syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, how_many, nullptr, nullptr, 0);
}

}  // namespace curfew::inline v1::detail::os

#endif
