// SPDX-License-Identifier: Apache-2.0
// Any duration and any clock, brought to a moment of the steady clock without overflow.
#pragma once

#include <curfew/forward.hpp>

#include <chrono>
#include <type_traits>

namespace curfew {
inline namespace v1 {
namespace detail {

using steady_time = std::chrono::steady_clock::time_point;

/// The kernel's steady clock, whatever another library may have put in front of the program's. Async-signal-safe.
CURFEW_API steady_time kernel_now() noexcept;

/// In nanoseconds, saturated: negative and NaN are 0, what does not fit is `nanoseconds::max()`.
template <class Rep, class Period>
std::chrono::nanoseconds saturated(const std::chrono::duration<Rep, Period>& d) {
  using std::chrono::nanoseconds;
  if (!(d > d.zero())) return nanoseconds(0);
  // Compared in long double, because converting first is what overflows. Half of the range leaves room for `now`.
  const auto wide = std::chrono::duration<long double, std::nano>(d).count();
  if (wide >= static_cast<long double>(nanoseconds::max().count()) / 2) return nanoseconds::max();
  // A fraction of a nanosecond is a whole one: a wait may be late, never early.
  auto count = static_cast<nanoseconds::rep>(wide);
  if (static_cast<long double>(count) < wide) ++count;
  return nanoseconds(count);
}

/// `now + d`, saturated: negative and NaN are now, what does not fit is `steady_time::max()`, "for ever".
template <class Rep, class Period>
steady_time steady_deadline(const std::chrono::duration<Rep, Period>& d) {
  const steady_time now = kernel_now();
  const std::chrono::nanoseconds count = saturated(d);
  return count == std::chrono::nanoseconds::max() ? steady_time::max() : now + count;
}

/// Calls `wait(slice)` until it is true or `at` has come on its own clock, which may be set while we wait. NaN has
/// come.
template <class Clock, class Duration, class Wait>
bool until(const std::chrono::time_point<Clock, Duration>& at, Wait wait) {
  using wide = std::chrono::duration<long double>;
  for (;;) {
    const auto now = Clock::now();
    // In long double first: whether it is far off or long past in the one's unit may not fit the other's.
    const wide left = wide(at.time_since_epoch()) - wide(now.time_since_epoch());
    if (left > std::chrono::hours(24 * 365 * 100)) {
      if (wait(steady_time::max())) return true;
      continue;
    }
    const bool past = !(left > std::chrono::seconds(-1)) || at <= now;
    if (wait(past ? steady_deadline(std::chrono::seconds(0)) : steady_deadline(at - now))) return true;
    if (past || Clock::now() >= at) return false;
  }
}

}  // namespace detail
}  // namespace v1
}  // namespace curfew
