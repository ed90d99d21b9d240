// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/futex.hpp"

#include <chrono>

namespace curfew::inline v1::detail {

/// The exit has begun: wait_for_exit() returns.
void tell_who_waits_for_exit() noexcept;
/// Bumped, and woken, by request_exit and when the exit begins.
const os::futex_word& news_of_the_exit() noexcept;
/// request_exit has asked every thread that can be asked.
bool everybody_was_asked() noexcept;
/// exit_options::second_signal_after, where a signal handler can read it.
void set_signal_spacing(std::chrono::milliseconds) noexcept;
void forget_requests_after_fork() noexcept;

}  // namespace curfew::inline v1::detail
