// SPDX-License-Identifier: Apache-2.0
#include "os/pthreads.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

constinit thread_local bool making_own_thread = false;

int make_thread(pthread_t*, std::size_t, void* (*)(void*), void*) noexcept { missing(); }
bool make_helper(void* (*)(void*), void*) noexcept { missing(); }
bool is_known_to_be_alone() noexcept { missing(); }
bool try_join(pthread_t) noexcept { missing(); }
bool is_detached(pthread_t) noexcept { missing(); }
int forbid_cancelling() noexcept { missing(); }
void let_be_cancelled(int) { missing(); }
void on_end_of_thread(void (*)(void*)) noexcept { missing(); }
void set_end_value(void*) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
