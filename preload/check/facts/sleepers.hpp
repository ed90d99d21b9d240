// SPDX-License-Identifier: Apache-2.0
// Threads that sleep for a known time.
#pragma once

#include <cstdint>

namespace curfew::check {

/// Waits until each thread that sleeps for a time now, and will wake before `until` (of now_ns), has woken up and had a
/// moment. Threads that wait for something without a limit, or for longer, are not waited for.
void wait_for_sleepers(std::uint64_t until) noexcept;

/// Does each other thread sleep until then, by itself or until another thread wakes it? Not one that waits for
/// something from outside (input, a signal), and not while a timer of the process is set.
bool all_sleep_until(std::uint64_t until) noexcept;
/// The process has made a timer, which may call something of it at any time.
void note_timer() noexcept;

}  // namespace curfew::check
