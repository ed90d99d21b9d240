// SPDX-License-Identifier: Apache-2.0
#include "os/exit_calls.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void c_library_exit(int) { missing(); }
void find_c_library_exit() noexcept { missing(); }
bool knows_c_library_exit() noexcept { missing(); }
bool end_own_thread_locals() { missing(); }
bool is_c_library_data(std::uint64_t) noexcept { missing(); }
void end_now(int) noexcept { missing(); }
void tell_exit_status(void (*)(int)) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
