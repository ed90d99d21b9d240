// SPDX-License-Identifier: Apache-2.0
// The threads that the watchdog is about.
#pragma once

#include "os/clock.hpp"
#include "os/small_text.hpp"

#include <curfew/service/watched_thread.hpp>

namespace curfew::inline v1 {

/// Its functions take a lock of their own, in which nobody is frozen; they do not allocate.
struct watch_list {
  static void add(watched_thread&);
  static void remove(watched_thread&) noexcept;

  struct stalled {
    detail::os::small_text<64> name;
    std::chrono::nanoseconds since{0};  ///< its last progress; zero: nobody is stalled
  };
  /// The one that has made no progress for longest beyond its limit, or beyond `limit` where it has none.
  [[nodiscard]] static stalled find_stalled(std::chrono::nanoseconds limit, detail::steady_time now) noexcept;
};

}  // namespace curfew::inline v1
