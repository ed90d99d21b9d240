// SPDX-License-Identifier: Apache-2.0
// A block in which the calling thread takes no signal, by the system call: what the program finds under the C library's
// name is ours.
#pragma once

#include "check/linux/kernel.hpp"

#include <signal.h>

#include <cstdint>

namespace curfew::check {

class signals_off {
 public:
  signals_off() noexcept {
    const std::uint64_t all = ~std::uint64_t{0};
    kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, sizeof before_);
  }
  ~signals_off() { kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, sizeof before_); }
  signals_off(const signals_off&) = delete;
  signals_off& operator=(const signals_off&) = delete;

 private:
  std::uint64_t before_ = 0;
};

}  // namespace curfew::check
