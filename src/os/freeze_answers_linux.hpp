// SPDX-License-Identifier: Apache-2.0
// Between the threads that are asked to freeze and the freezer, which sleeps until the last of them does.
#pragma once

#include "os/freeze.hpp"

namespace curfew::inline v1::detail::os {

struct freeze_answers {
  futex_word given{0};     ///< counts threads that have frozen
  futex_word expected{0};  ///< the count that the freezer waits for
  futex_word all_in{0};    ///< what it sleeps on meanwhile
  std::atomic<pid_t> freezer{0};
  // Whom it freezes. They outlive it.
  std::atomic<freeze_cell* const*> cells{nullptr};
  std::atomic<std::size_t> cell_count{0};

  /// One more thread executes nothing any more; the one that completes the number wakes the freezer.
  void count_one() noexcept {
    if (given.fetch_add(1) + 1 != expected.load()) return;
    all_in.store(1);
    futex_wake(all_in);
  }
};
extern constinit freeze_answers answers;

inline freeze_order order_of(const freeze_cell& cell) noexcept { return static_cast<freeze_order>(cell.order.load()); }

}  // namespace curfew::inline v1::detail::os
