// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/forward.hpp>

#include <atomic>
#include <cstdint>

namespace curfew {
inline namespace v1 {
namespace detail {

/// The lock of what curfew does around code of the user's: a daemon is not frozen while it holds it, with or without
/// `curfew::lock_tracking`, unless nothing moves any more. Not recursive.
class CURFEW_API counted_mutex {
 public:
  constexpr counted_mutex() noexcept = default;
  counted_mutex(const counted_mutex&) = delete;
  counted_mutex& operator=(const counted_mutex&) = delete;
  void lock() noexcept;
  void unlock() noexcept;

 private:
  std::atomic<std::uint32_t> state_{0};
};

}  // namespace detail
}  // namespace v1
}  // namespace curfew
