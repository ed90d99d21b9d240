// SPDX-License-Identifier: Apache-2.0
// What a stopped thread's registers say.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <vector>

namespace curfew::tool::dump {

/// The system call that a thread sleeps in.
struct system_call {
  long number = -1;  ///< -1: none
  std::array<std::uint64_t, 6> arguments{};
  friend bool operator==(const system_call&, const system_call&) = default;
};

struct registers {
  std::vector<std::uint64_t> by_dwarf;  ///< in the order of DWARF's numbers
  std::uint64_t code = 0, stack = 0;
  std::uint64_t thread = 0;  ///< the thread pointer, which is its pthread_t on x86-64; 0: not known
  system_call call;
  bool call_begins_again = false;  ///< it was interrupted, and its number is that of the call that goes on with it
};

/// Whether stacks can be read on this processor at all.
extern const bool processor_is_known;

/// Of a thread that is stopped by ptrace. False: it is gone, or of another kind (`is_32_bit`).
bool read_registers(pid_t tid, registers& to, bool& is_32_bit);

/// A few system calls end with EINTR when their thread is stopped, although no signal came. Of those that have no limit
/// of time the kernel is told to begin them again, so that the program does not see that it was looked at.
void begin_call_again(pid_t tid, const registers&);

/// Where the code just before an address loads the number of a system call, that number; -1: it does not. `bytes`: the
/// 64 bytes before the address.
long number_loaded_in(const unsigned char (&bytes)[64]);

/// Which call the kernel goes on with, where its code does not say so and its caller has put the number on the stack
/// (glibc 2.41 makes all calls in which a thread can be cancelled by one instruction). `words`: the first ones of the
/// stack. -1: none is there, or more than one.
long number_among(const std::array<std::uint64_t, 8>& words, const system_call& gone_on_with);

}  // namespace curfew::tool::dump
