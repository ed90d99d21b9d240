// SPDX-License-Identifier: Apache-2.0
#include "os/module.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void* pin_module(const void*) noexcept { missing(); }
void unpin_module(void*) noexcept { missing(); }
std::uintptr_t offset_in_program(const void*) noexcept { missing(); }
const char* program_name() noexcept { missing(); }
void pin_own_module() noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
