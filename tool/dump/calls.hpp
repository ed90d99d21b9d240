// SPDX-License-Identifier: Apache-2.0
// The system calls that threads sleep in.
#pragma once

#include "dump/memory.hpp"
#include "dump/registers.hpp"

#include <string>
#include <vector>

namespace curfew::tool::dump {

/// "futex", "read", …; "system call 999" for one that usually does not wait.
std::string name_of_call(long number);

/// What has to be read to say what the call waits for.
std::vector<memory_range> memory_of(const system_call&);

/// A descriptor that the call waits for is one of its arguments: which. -1: none is.
int descriptor_argument(long number);

bool is_poll(long number);
bool is_select(long number);
bool is_epoll(long number);
bool is_sleep(long number);
bool is_futex_wait(const system_call&);
/// The address of the limit of a futex wait or a sleep; 0: none.
std::uint64_t time_limit_of(const system_call&);

}  // namespace curfew::tool::dump
