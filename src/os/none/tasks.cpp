// SPDX-License-Identifier: Apache-2.0
#include "os/tasks.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

const int sanitizer_tasks = 0;

int list_tasks(std::span<pid_t>) noexcept { missing(); }
int list_descriptors(std::span<int>) noexcept { missing(); }
bool read_task(pid_t, task_status&) noexcept { missing(); }
task_work read_work(pid_t) noexcept { missing(); }
std::uint64_t signals_pending_for(pid_t) noexcept { missing(); }
bool read_task_call(pid_t, task_call&) noexcept { missing(); }
bool blocks_signal(pid_t, int) noexcept { missing(); }
const char* call_name(long) noexcept { missing(); }
bool waits_on_futex(const task_status&) noexcept { missing(); }
bool waits_for_ever_on_futex(const task_status&) noexcept { missing(); }
bool waits_for_reader(const task_status&) noexcept { missing(); }
memory_kind kind_of_memory(std::uint64_t) noexcept { missing(); }
bool is_kernel_worker(pid_t) noexcept { missing(); }
void name_own_task(const char*, std::size_t) noexcept { missing(); }
std::string_view name_of_task(pid_t, std::span<char>) noexcept { missing(); }
void name_task(pid_t, const char*, std::size_t) noexcept { missing(); }
bool thread_exists(pid_t) noexcept { missing(); }
bool is_first_task() noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
