// SPDX-License-Identifier: Apache-2.0
// The functions of a back end as one type, which the concepts of back_end.hpp can be asked of.
#pragma once

#include "os/back_end.hpp"

namespace curfew::inline v1::detail::os {

/// What the headers declare, under the names by which the concepts ask for it.
struct functions {
  using freezer = os::freezer;
  using blocked_signals = os::blocked_signals;
  using wake_event = os::wake_event;
  static constexpr auto kernel_now = &curfew::detail::kernel_now;
  static constexpr auto pause_for = &os::pause_for;
  static constexpr auto futex_wait = &os::futex_wait;
  static constexpr auto futex_wait_for_signal = &os::futex_wait_for_signal;
  static constexpr auto futex_wait_cancellable = &os::futex_wait_cancellable;
  static constexpr auto futex_wake = &os::futex_wake;
  static constexpr auto make_thread = &os::make_thread;
  static constexpr auto make_helper = &os::make_helper;
  static constexpr auto try_join = &os::try_join;
  static constexpr auto is_detached = &os::is_detached;
  static constexpr auto is_known_to_be_alone = &os::is_known_to_be_alone;
  static constexpr auto on_end_of_thread = &os::on_end_of_thread;
  static constexpr auto set_end_value = &os::set_end_value;
  static constexpr auto forbid_cancelling = &os::forbid_cancelling;
  static constexpr auto let_be_cancelled = &os::let_be_cancelled;
  static constexpr auto id_of_made_thread = &os::id_of_made_thread;
  static constexpr auto find_c_library_exit = &os::find_c_library_exit;
  static constexpr auto knows_c_library_exit = &os::knows_c_library_exit;
  static constexpr auto c_library_exit = &os::c_library_exit;
  static constexpr auto look_up_functions = &os::look_up_functions;
  static constexpr auto end_own_thread_locals = &os::end_own_thread_locals;
  static constexpr auto is_c_library_data = &os::is_c_library_data;
  static constexpr auto tell_exit_status = &os::tell_exit_status;
  static constexpr auto end_now = &os::end_now;
  static constexpr auto prepare_freezing = &os::prepare_freezing;
  static constexpr auto learn_from_own_calls = &os::learn_from_own_calls;
  static constexpr auto has_to_learn_from_own_calls = &os::has_to_learn_from_own_calls;
  static constexpr auto adopt_cell = &os::adopt_cell;
  static constexpr auto drop_cell = &os::drop_cell;
  static constexpr auto own_cell = &os::own_cell;
  static constexpr auto reset_cell_after_fork = &os::reset_cell_after_fork;
  static constexpr auto is_frozen = &os::is_frozen;
  static constexpr auto thaw = &os::thaw;
  static constexpr auto thaw_for_a_while = &os::thaw_for_a_while;
  static constexpr auto freeze_for_ever = &os::freeze_for_ever;
  static constexpr auto call_stack_of = &os::call_stack_of;
  static constexpr auto own_call_stack = &os::own_call_stack;
  static constexpr auto sample_registers = &os::sample_registers;
  static constexpr auto is_freeze_signal = &os::is_freeze_signal;
  static constexpr auto let_answer_signals = &os::let_answer_signals;
  static constexpr auto let_answer_setuid = &os::let_answer_setuid;
  static constexpr auto note_own_signal_stack = &os::note_own_signal_stack;
  static constexpr auto find_gone_signal_stacks = &os::find_gone_signal_stacks;
  static constexpr auto signal_stack_is_gone = &os::signal_stack_is_gone;
  static constexpr auto call_when_late = &os::call_when_late;
  static constexpr auto on_own_sleep = &os::on_own_sleep;
  static constexpr auto stop_own_sleep_timer = &os::stop_own_sleep_timer;
  static constexpr auto touch_c_library_locks = &os::touch_c_library_locks;
  static constexpr auto note_lock = &os::note_lock;
  static constexpr auto loader_lock_is_known = &os::loader_lock_is_known;
  static constexpr auto try_lock_loader = &os::try_lock_loader;
  static constexpr auto unlock_loader = &os::unlock_loader;
  static constexpr auto find_streams = &os::find_streams;
  static constexpr auto streams_are_known = &os::streams_are_known;
  static constexpr auto lock_stream_list = &os::lock_stream_list;
  static constexpr auto unlock_stream_list = &os::unlock_stream_list;
  static constexpr auto a_stream_is_held = &os::a_stream_is_held;
  static constexpr auto write_free_streams = &os::write_free_streams;
  static constexpr auto write_if_free = &os::write_if_free;
  static constexpr auto write_without_lock = &os::write_without_lock;
  static constexpr auto release_streams = &os::release_streams;
  static constexpr auto leave_condition_for_good = &os::leave_condition_for_good;
  static constexpr auto wake_others = &os::wake_others;
  static constexpr auto set_broadcast = &os::set_broadcast;
  static constexpr auto waiters_of = &os::waiters_of;
  static constexpr auto list_tasks = &os::list_tasks;
  static constexpr auto thread_exists = &os::thread_exists;
  static constexpr auto is_first_task = &os::is_first_task;
  static constexpr auto is_kernel_worker = &os::is_kernel_worker;
  static constexpr auto read_task = &os::read_task;
  static constexpr auto read_work = &os::read_work;
  static constexpr auto signals_pending_for = &os::signals_pending_for;
  static constexpr auto blocks_signal = &os::blocks_signal;
  static constexpr auto call_name = &os::call_name;
  static constexpr auto waits_on_futex = &os::waits_on_futex;
  static constexpr auto waits_for_ever_on_futex = &os::waits_for_ever_on_futex;
  static constexpr auto waits_for_reader = &os::waits_for_reader;
  static constexpr auto kind_of_memory = &os::kind_of_memory;
  static constexpr auto facts_of_sleep = &os::facts_of_sleep;
  static constexpr auto waits_for_signal_of_timers = &os::waits_for_signal_of_timers;
  static constexpr auto read_own_memory = &os::read_own_memory;
  static constexpr auto has_timers = &os::has_timers;
  static constexpr auto name_own_task = &os::name_own_task;
  static constexpr auto name_task = &os::name_task;
  static constexpr auto name_of_task = &os::name_of_task;
  static constexpr auto append_code = &os::append_code;
  static constexpr auto called_by_exit = &os::called_by_exit;
  static constexpr auto error_text = &os::error_text;
  static constexpr auto offset_in_program = &os::offset_in_program;
  static constexpr auto program_name = &os::program_name;
  static constexpr auto pin_module = &os::pin_module;
  static constexpr auto unpin_module = &os::unpin_module;
  static constexpr auto pin_own_module = &os::pin_own_module;
  static constexpr auto wait_readable = &os::wait_readable;
  static constexpr auto read_some = &os::read_some;
  static constexpr auto note_standard_descriptors = &os::note_standard_descriptors;
  static constexpr auto standard_descriptor = &os::standard_descriptor;
  static constexpr auto can_be_written = &os::can_be_written;
  using module_table = os::module_table;
};

}  // namespace curfew::inline v1::detail::os
