// SPDX-License-Identifier: Apache-2.0
#include "os/waits.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

sleep_facts facts_of_sleep(const task_status&, std::chrono::nanoseconds) noexcept { missing(); }
bool waits_for_signal_of_timers(const task_status&) noexcept { missing(); }
bool has_timers() noexcept { missing(); }
bool read_own_memory(std::uint64_t, void*, std::size_t) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
