// SPDX-License-Identifier: Apache-2.0
// What the calling thread does with its time: sleep by a call of its own, have a processor, or wait for one.
#pragma once

#include <cstdint>

namespace curfew::check {

struct time_spent {
  std::uint64_t at_ns = 0;       ///< when this was read
  std::uint64_t on_cpu_ns = 0;   ///< that it has had a processor so far
  std::uint64_t delayed_ns = 0;  ///< that it was ready to run and had none; 0 where /proc does not say so
  std::uint64_t sleeps = 0;      ///< how often it has given its processor away
};

time_spent read_time_spent() noexcept;
/// How long it slept between the two: 0 when it never did.
std::uint64_t asleep_between(const time_spent& from, const time_spent& to) noexcept;

}  // namespace curfew::check
