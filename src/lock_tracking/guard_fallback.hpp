// SPDX-License-Identifier: Apache-2.0
// The guards of function-local statics, for programs into which the C++ runtime is linked statically: our functions
// then stand in the place of its own, and there are no next ones. As the Itanium C++ ABI has it: the guard's first byte
// is nonzero once the static is made; the rest is ours.
#pragma once

#include "os/futex.hpp"

#include <cstdint>

namespace curfew::inline v1::detail {

class guard_fallback {
 public:
  explicit guard_fallback(std::int64_t* guard)  // NOLINT(readability-non-const-parameter): written through
      noexcept
      : word_(*reinterpret_cast<os::futex_word*>(guard)) {}

  /// 1: the caller is to make it.
  int acquire() noexcept {
    for (;;) {
      std::uint32_t state = nothing;
      if (word_.compare_exchange_strong(state, under_way)) return 1;
      if ((state & made) != 0) return 0;
      if (state == under_way && !word_.compare_exchange_strong(state, awaited)) continue;
      os::futex_wait(word_, awaited);
    }
  }
  void release() noexcept { end(made); }
  void abort() noexcept { end(nothing); }

 private:
  static constexpr std::uint32_t nothing = 0, made = 1, under_way = 0x100, awaited = 0x10100;

  void end(std::uint32_t state) noexcept {
    if (word_.exchange(state) == awaited) os::futex_wake(word_);
  }

  os::futex_word& word_;
};

}  // namespace curfew::inline v1::detail
