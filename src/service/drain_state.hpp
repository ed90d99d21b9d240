// SPDX-License-Identifier: Apache-2.0
// How far drain_listener has got, for what the manager is told.
#pragma once

#include <curfew/forward.hpp>

#include <atomic>
#include <cstdint>

namespace curfew::inline v1::detail {

enum class drain_step : unsigned char { none, pre_stop_delay, stop_accepting, requests };

struct drain_state {
  std::atomic<drain_step> step{drain_step::none};
  std::atomic<std::size_t> in_flight{0};
};
extern constinit drain_state drain_now;

}  // namespace curfew::inline v1::detail
