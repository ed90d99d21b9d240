// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/futex.hpp"

#include <chrono>
#include <span>

namespace curfew::inline v1::detail {

/// The exit has begun: wait_for_exit() returns.
void tell_who_waits_for_exit() noexcept;
/// Bumped, and woken, by request_exit and when the exit begins.
const os::futex_word& news_of_the_exit() noexcept;
/// exit_on_signals, for a list that is made at run time.
void exit_on(std::span<const int> signals);
/// request_exit has asked every thread that can be asked.
bool everybody_was_asked() noexcept;
/// exit_options::second_signal_after, where a signal handler can read it.
void set_signal_spacing(std::chrono::milliseconds) noexcept;
void forget_requests_after_fork() noexcept;
/// The service thread and the signals stay; what they have asked for so far does not count any more.
void forget_requests_for_restart() noexcept;

}  // namespace curfew::inline v1::detail
