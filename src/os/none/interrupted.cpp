// SPDX-License-Identifier: Apache-2.0
#include "os/interrupted.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

const void* interrupted_at(const void*) noexcept { missing(); }
bool asleep_in_system_call(const void*) noexcept { missing(); }
bool surely_asleep_in_system_call(const void*) noexcept { missing(); }
void note_interruption(const void*) noexcept { missing(); }
bool asleep_in_any_system_call(const void*) noexcept { missing(); }
bool behind_system_call(const void*) noexcept { missing(); }
std::size_t read_registers(const void*, std::span<std::uint64_t>) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
