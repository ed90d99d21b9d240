// SPDX-License-Identifier: Apache-2.0
#include "os/freeze.hpp"
#include "os/defer.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

constinit thread_local defer_state deferral;

void adopt_cell(freeze_cell&, pid_t) noexcept { missing(); }
void drop_cell() noexcept { missing(); }
freeze_cell* own_cell() noexcept { missing(); }
void reset_cell_after_fork() noexcept { missing(); }
void learn_from_own_calls() noexcept { missing(); }
bool has_to_learn_from_own_calls() noexcept { missing(); }
bool prepare_freezing() noexcept { missing(); }
bool is_freeze_signal(int) noexcept { missing(); }
void add_code_in_front(const void*, const void*) noexcept { missing(); }
void thaw(std::span<freeze_cell* const>, steady_time) noexcept { missing(); }
void thaw_for_a_while(std::span<freeze_cell* const>, bool, steady_time) noexcept { missing(); }
void let_answer_setuid(freeze_cell&) noexcept { missing(); }
bool let_answer_signals(freeze_cell&, asked_by) noexcept { missing(); }
void freeze_for_ever() noexcept { missing(); }
bool is_frozen(const freeze_cell&) noexcept { missing(); }
int own_call_stack(void**, int) noexcept { missing(); }
int call_stack_of(pid_t, void**, int, steady_time) noexcept { missing(); }
bool sample_registers(pid_t, register_sample&, steady_time) noexcept { missing(); }

freezer::freezer(std::span<freeze_cell* const>, bool) noexcept { missing(); }
freezer::~freezer() { missing(); }
unsigned freezer::wait(steady_time) noexcept { missing(); }
bool freezer::has_progressed() noexcept { missing(); }
void freezer::force_holders() noexcept { missing(); }
void freezer::force() noexcept { missing(); }
freeze_result freezer::result() const noexcept { missing(); }
std::uint64_t register_sample::fingerprint() const noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
