// SPDX-License-Identifier: Apache-2.0
// A lock for a few instructions, which handlers may take: no signal comes while it is held. Who waits sleeps, for there
// may be hundreds.
#pragma once

#include "check/linux/kernel.hpp"
#include "check/linux/signals_off.hpp"

#include <linux/futex.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace curfew::check {

/// 0: free, 1: taken, 2: taken, and somebody may sleep.
using lock_word = std::atomic<std::uint32_t>;

class lock_guard {
 public:
  explicit lock_guard(lock_word& word) noexcept : word_(word) {
    std::uint32_t free = 0;
    if (word_.compare_exchange_strong(free, 1, std::memory_order_acquire)) return;
    const int saved = errno;
    while (word_.exchange(2, std::memory_order_acquire) != 0)
      kernel_call(SYS_futex, &word_, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, nullptr, nullptr, 0);
    errno = saved;
  }
  ~lock_guard() {
    if (word_.exchange(0, std::memory_order_release) == 2)
      kernel_call(SYS_futex, &word_, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
  }
  lock_guard(const lock_guard&) = delete;
  lock_guard& operator=(const lock_guard&) = delete;

 private:
  signals_off off_;
  lock_word& word_;
};

}  // namespace curfew::check
