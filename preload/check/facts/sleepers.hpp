// SPDX-License-Identifier: Apache-2.0
// Threads that sleep for a known time.
#pragma once

#include <cstdint>

namespace curfew::check {

/// Waits until each thread that sleeps for a time now, and will wake before `until` (of now_ns), has woken up and had a
/// moment. Threads that wait for something without a limit, or for longer, are not waited for.
void wait_for_sleepers(std::uint64_t until) noexcept;

}  // namespace curfew::check
