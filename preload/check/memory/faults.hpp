// SPDX-License-Identifier: Apache-2.0
// The signals by which accesses and crashes show.
#pragma once

#include <signal.h>

#include <cstdint>

namespace curfew::check {

/// Takes the signals of faults. The program's own handlers are called for what is not ours.
void install_fault_handlers() noexcept;

/// In place of sigaction, for a signal that we have taken: true when it was answered here.
bool keep_program_action(int signal, const struct sigaction* to, struct sigaction* before) noexcept;
/// A fault on a thread that has blocked its signal would end the process: takes those out of a mask.
bool without_fault_signals(const sigset_t& from, sigset_t& to) noexcept;
/// Takes them out of the calling thread's.
void unblock_fault_signals() noexcept;
/// Those signals as the kernel's word.
std::uint64_t fault_signal_set() noexcept;

/// The code of a library that has been unloaded; `name` is text in the record.
/// Is that range known already? A program that opens and closes one library again and again notes it once.
bool is_noted_unloaded(std::uint64_t begin, std::uint64_t end) noexcept;
void note_unloaded(std::uint64_t begin, std::uint64_t end, std::uint64_t name, std::uint64_t name_length) noexcept;

}  // namespace curfew::check
