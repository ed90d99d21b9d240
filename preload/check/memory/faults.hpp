// SPDX-License-Identifier: Apache-2.0
// The signals by which accesses and crashes show.
#pragma once

#include <signal.h>

namespace curfew::check {

/// Takes the signals of faults. The program's own handlers are called for what is not ours. When the exiting thread
/// crashes, `last` is called before the process dies of it.
void install_fault_handlers(void (*last)() noexcept) noexcept;

/// In place of sigaction, for a signal that we have taken: true when it was answered here.
bool keep_program_action(int signal, const struct sigaction* to, struct sigaction* before) noexcept;
}  // namespace curfew::check
