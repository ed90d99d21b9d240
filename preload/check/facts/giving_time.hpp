// SPDX-License-Identifier: Apache-2.0
// The exit is slowed, so that other threads come to do what they would do wrong in another run.
#pragma once

#include <cstdint>

namespace curfew::check {

/// Waits until every other thread has slept or has had a processor for a while, or for so long.
void let_others_run(unsigned at_most_ms) noexcept;

/// Gives other threads time: so long, and, on a busy machine, until each of them has had a processor. Less the more it
/// has been asked.
void give_time(std::uint64_t microseconds, unsigned at_most_ms) noexcept;
/// Does the exiting thread sleep only so that others run? Then it does not wait for who is held.
bool is_giving_time() noexcept;

}  // namespace curfew::check
