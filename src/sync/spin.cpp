// SPDX-License-Identifier: Apache-2.0
#include "sync/spin.hpp"

#include <curfew/thread.hpp>

#include <atomic>

namespace curfew::inline v1::detail {

bool can_spin() noexcept {
  static constinit std::atomic<unsigned> processors{0};
  unsigned known = processors.load(std::memory_order_relaxed);
  if (known == 0) {
    known = thread::hardware_concurrency();
    if (known == 0) known = 1;
    processors.store(known, std::memory_order_relaxed);
  }
  return known > 1;
}

}  // namespace curfew::inline v1::detail
