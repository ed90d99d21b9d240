// SPDX-License-Identifier: Apache-2.0
// Regular threads that wait for something that comes only after the exit: waiting for them would be a cycle.
#pragma once

#include "os/clock.hpp"
#include "registry/record.hpp"

#include <curfew/exit.hpp>

#include <span>

namespace curfew::inline v1::detail {

/// Looks, while the exit waits for threads, whether all of them wait in cycles.
class cycle_search {
 public:
  /// Some threads of `waited_for` may be found to wait in a cycle; `is_waited_for_locked` is false for them from then
  /// on, and a line on stderr says why. Returns true if the caller should look again what to wait for.
  bool look(std::span<const record_ref> waited_for, const record* self, steady_time now);
  /// When to look again.
  [[nodiscard]] steady_time next() const noexcept { return next_look_; }

 private:
  bool find_those_at_locks(std::span<const record_ref>, const record* self, steady_time now);
  bool give_up_daemons(std::span<const record_ref>, steady_time now);

  steady_time next_look_{};
  steady_time only_joiners_since_{};  ///< the beginning of time: not so
};

}  // namespace curfew::inline v1::detail
