// SPDX-License-Identifier: Apache-2.0
#include "os/c_library.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void find_c_library_code() noexcept { missing(); }
void look_up_functions() noexcept { missing(); }
void add_busy_code(const void*, const void*) noexcept { missing(); }
bool is_yield_code(const void*) noexcept { missing(); }
bool is_busy_code(const void*) noexcept { missing(); }
bool is_code_in_front(const void*) noexcept { missing(); }
bool is_kernel_clock_code(const void*) noexcept { missing(); }
bool is_clock_code(const void*) noexcept { missing(); }
pid_t id_of_made_thread() noexcept { missing(); }
void touch_c_library_locks() noexcept { missing(); }
void note_lock(std::uint64_t) noexcept { missing(); }
bool holds_loader_lock() noexcept { missing(); }
bool loader_lock_is_known() noexcept { missing(); }
bool try_lock_loader() noexcept { missing(); }
void unlock_loader() noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
