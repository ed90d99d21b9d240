// SPDX-License-Identifier: Apache-2.0
// What the calling thread does with its time: sleep by a call of its own, have a processor, or wait for one.
#pragma once

#include <sys/types.h>

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

/// How long the process's threads are ready to run and have no processor, as on a busy machine.
class delays {
 public:
  /// The longest that any other thread was, since the last call. 0 where /proc does not say so.
  std::uint64_t look() noexcept;

 private:
  struct thread {
    pid_t tid;
    std::uint64_t delayed_ns;
  };
  static constexpr unsigned most_threads = 64;  ///< a few of very many are enough

  thread known_[most_threads]{};
  unsigned count_ = 0;
};

}  // namespace curfew::check
