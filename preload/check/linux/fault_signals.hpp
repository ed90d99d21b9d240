// SPDX-License-Identifier: Apache-2.0
// The signals of faults, which no thread may block: a fault whose signal is blocked ends the process unasked.
#pragma once

#include <signal.h>

#include <cstdint>

namespace curfew::check {

/// Takes those signals out of a mask; false when there was none in it.
bool without_fault_signals(const sigset_t& from, sigset_t& to) noexcept;
/// Takes them out of the calling thread's.
void unblock_fault_signals() noexcept;
/// Those signals as the kernel's word.
std::uint64_t fault_signal_set() noexcept;

}  // namespace curfew::check
