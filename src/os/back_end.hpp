// SPDX-License-Identifier: Apache-2.0
// What curfew needs of a system, as concepts: one for each concern, most needed first. Whoever writes a back end reads
// here what to write, in that order; what a function must do stands above its declaration, and docs/porting.md more.
//
// Every back end asserts `back_end<functions>` in a file of its own. A function that it does not define is an error of
// the linker; the back end `none` defines all of them, and each says that it is missing.
#pragma once

#include "os/blocked_signals.hpp"
#include "os/c_library.hpp"
#include "os/clock.hpp"
#include "os/condition.hpp"
#include "os/end_timer.hpp"
#include "os/exit_calls.hpp"
#include "os/freeze.hpp"
#include "os/futex.hpp"
#include "os/module.hpp"
#include "os/module_table.hpp"
#include "os/pthreads.hpp"
#include "os/readable.hpp"
#include "os/signal_stacks.hpp"
#include "os/standard_descriptor.hpp"
#include "os/streams.hpp"
#include "os/symbols.hpp"
#include "os/tasks.hpp"
#include "os/waits.hpp"

#include <chrono>
#include <concepts>
#include <span>
#include <string_view>

namespace curfew::inline v1::detail::os {

/// A clock that goes on steadily, and sleeping on a word until another thread wakes it or a moment has come.
template <class S>
concept sleeps_on_words = requires(const futex_word& word, std::uint32_t value, steady_time at,
                                   std::chrono::nanoseconds time) {
  { S::kernel_now() }
  noexcept->std::same_as<steady_time>;
  { S::pause_for(time) }
  noexcept;
  { S::futex_wait(word, value, at, no_mark) }
  noexcept->std::same_as<bool>;
  { S::futex_wait_for_signal(word, value, at, no_mark) }
  noexcept->std::same_as<bool>;
  { S::futex_wait_cancellable(word, value, at) } -> std::same_as<bool>;
  { S::futex_wake(word, 1) }
  noexcept;
};

/// Threads: making them, joining them if they have ended, and noticing their end after their `thread_local` objects.
template <class S>
concept makes_threads = requires(pthread_t& thread, void* (*run)(void*), void* value, void (*ends)(void*)) {
  { S::make_thread(&thread, std::size_t{}, run, value) }
  noexcept->std::same_as<int>;
  { S::make_helper(run, value) }
  noexcept->std::same_as<bool>;
  { S::try_join(thread) }
  noexcept->std::same_as<bool>;
  { S::is_detached(thread) }
  noexcept->std::same_as<bool>;
  { S::is_known_to_be_alone() }
  noexcept->std::same_as<bool>;
  { S::on_end_of_thread(ends) }
  noexcept;
  { S::set_end_value(value) }
  noexcept;
  { S::forbid_cancelling() }
  noexcept->std::same_as<int>;
  { S::let_be_cancelled(0) } -> std::same_as<void>;
  { S::id_of_made_thread() }
  noexcept->std::same_as<pid_t>;
};

/// The C library's exit, before which curfew has to be asked, and the end of the process behind it.
template <class S>
concept enters_the_exit = requires(std::uint64_t address, void (*tell)(int)) {
  { S::find_c_library_exit() }
  noexcept;
  { S::knows_c_library_exit() }
  noexcept->std::same_as<bool>;
  { S::c_library_exit(0) } -> std::same_as<void>;
  { S::look_up_functions() }
  noexcept;
  { S::end_own_thread_locals() } -> std::same_as<bool>;
  { S::is_c_library_data(address) }
  noexcept->std::same_as<bool>;
  { S::tell_exit_status(tell) }
  noexcept;
  { S::end_now(0) }
  noexcept;
};

/// Freezing a thread where it is, confirming that, and thawing it.
template <class S>
concept freezes_threads = requires(freeze_cell& cell, std::span<freeze_cell* const> cells, steady_time until,
                                   void** frames, register_sample& sample, typename S::freezer& freezer,
                                   typename S::blocked_signals& signals) {
  { S::prepare_freezing() }
  noexcept->std::same_as<bool>;
  { S::adopt_cell(cell, pid_t{}) }
  noexcept;
  { S::drop_cell() }
  noexcept;
  { S::own_cell() }
  noexcept->std::same_as<freeze_cell*>;
  { S::reset_cell_after_fork() }
  noexcept;
  { S::is_frozen(cell) }
  noexcept->std::same_as<bool>;
  { S::thaw(cells, until) }
  noexcept;
  { S::thaw_for_a_while(cells, true, until) }
  noexcept;
  { S::freeze_for_ever() }
  noexcept;
  requires std::constructible_from < typename S::freezer, std::span<freeze_cell* const>,
  bool > ;
  { freezer.wait(until) }
  noexcept->std::same_as<unsigned>;
  { freezer.has_progressed() }
  noexcept->std::same_as<bool>;
  { freezer.force_holders() }
  noexcept;
  { freezer.force() }
  noexcept;
  { freezer.result() }
  noexcept->std::same_as<freeze_result>;
  { S::call_stack_of(pid_t{}, frames, 1, until) }
  noexcept->std::same_as<int>;
  { S::own_call_stack(frames, 1) }
  noexcept->std::same_as<int>;
  { S::sample_registers(pid_t{}, sample, until) }
  noexcept->std::same_as<bool>;
  // Where that is done by a signal; a system that has another way has little to do in these.
  { S::is_freeze_signal(0) }
  noexcept->std::same_as<bool>;
  { S::let_answer_setuid(cell) }
  noexcept;
  { S::let_answer_signals(cell, asked_by::anybody) }
  noexcept->std::same_as<bool>;
  { S::note_own_signal_stack() }
  noexcept;
  { S::find_gone_signal_stacks() }
  noexcept;
  { S::signal_stack_is_gone(pid_t{}) }
  noexcept->std::same_as<bool>;
  { signals.block() }
  noexcept;
  { signals.is_asked() }
  noexcept->std::same_as<bool>;
  { signals.answer() }
  noexcept->std::same_as<bool>;
  { signals.drop() }
  noexcept;
};

/// The end of an exit that takes too long, without a thread.
template <class S>
concept ends_when_late = requires(steady_time at, void (*late)(bool), void (*stuck)()) {
  { S::call_when_late(at, late) }
  noexcept->std::same_as<bool>;
  { S::on_own_sleep(stuck) }
  noexcept;
  { S::stop_own_sleep_timer() }
  noexcept;
};

/// The C library's locks: which of them a frozen thread holds, and its streams, each by itself.
template <class S>
concept knows_c_library_locks = requires(std::span<held_stream> held, held_stream& stream, std::size_t& count,
                                         bool& whole, bool (*is_frozen)(pthread_t), condition_place& place,
                                         const void* condition, int (*broadcast)(pthread_cond_t*)) {
  { S::touch_c_library_locks() }
  noexcept;
  { S::note_lock(std::uint64_t{}) }
  noexcept;
  { S::loader_lock_is_known() }
  noexcept->std::same_as<bool>;
  { S::try_lock_loader() }
  noexcept->std::same_as<bool>;
  { S::unlock_loader() }
  noexcept;
  { S::find_streams() }
  noexcept;
  { S::streams_are_known() }
  noexcept->std::same_as<bool>;
  { S::lock_stream_list() }
  noexcept;
  { S::unlock_stream_list() }
  noexcept;
  { S::a_stream_is_held() }
  noexcept->std::same_as<bool>;
  { S::write_free_streams(stream_kind::any, held, count) }
  noexcept->std::same_as<bool>;
  { S::write_if_free(stream, whole) }
  noexcept->std::same_as<bool>;
  { S::write_without_lock(stream) }
  noexcept->std::same_as<bool>;
  { S::release_streams(is_frozen) }
  noexcept;
  { S::leave_condition_for_good(place) }
  noexcept;
  { S::wake_others(condition) }
  noexcept;
  { S::set_broadcast(broadcast) }
  noexcept;
  { S::waiters_of(condition) }
  noexcept->std::same_as<long>;
};

/// Which threads there are, and what each sleeps in.
template <class S>
concept lists_threads = requires(std::span<pid_t> ids, pid_t id, task_status& status, std::span<char> buffer,
                                 const char* name) {
  { S::list_tasks(ids) }
  noexcept->std::same_as<int>;
  { S::thread_exists(id) }
  noexcept->std::same_as<bool>;
  { S::is_first_task() }
  noexcept->std::same_as<bool>;
  { S::is_kernel_worker(id) }
  noexcept->std::same_as<bool>;
  { S::read_task(id, status) }
  noexcept->std::same_as<bool>;
  { S::read_work(id) }
  noexcept->std::same_as<task_work>;
  { S::signals_pending_for(id) }
  noexcept->std::same_as<std::uint64_t>;
  { S::blocks_signal(id, 0) }
  noexcept->std::same_as<bool>;
  { S::call_name(0L) }
  noexcept->std::same_as<const char*>;
  { S::waits_on_futex(status) }
  noexcept->std::same_as<bool>;
  { S::waits_for_ever_on_futex(status) }
  noexcept->std::same_as<bool>;
  { S::waits_for_reader(status) }
  noexcept->std::same_as<bool>;
  { S::kind_of_memory(std::uint64_t{}) }
  noexcept->std::same_as<memory_kind>;
  { S::facts_of_sleep(status, std::chrono::nanoseconds{}) }
  noexcept->std::same_as<sleep_facts>;
  { S::waits_for_signal_of_timers(status) }
  noexcept->std::same_as<bool>;
  { S::has_timers() }
  noexcept->std::same_as<bool>;
  { S::name_own_task(name, std::size_t{}) }
  noexcept;
  { S::name_task(id, name, std::size_t{}) }
  noexcept;
  { S::name_of_task(id, buffer) }
  noexcept->std::same_as<std::string_view>;
};

/// Names for addresses, and code that stays loaded while a thread needs it.
template <class S>
concept names_code = requires(symbol_text& text, const void* address, void* const* frames, void* pin,
                              typename S::module_table& table) {
  { table.read() }
  noexcept;
  { table.find(std::uintptr_t{}) }
  noexcept->std::same_as<const module_range*>;
  { S::append_code(text, address) }
  noexcept;
  { S::called_by_exit(frames, 1) }
  noexcept->std::same_as<const void*>;
  { S::error_text(0) }
  noexcept->std::same_as<const char*>;
  { S::offset_in_program(address) }
  noexcept->std::same_as<std::uintptr_t>;
  { S::program_name() }
  noexcept->std::same_as<const char*>;
  { S::pin_module(address) }
  noexcept->std::same_as<void*>;
  { S::unpin_module(pin) }
  noexcept;
  { S::pin_own_module() }
  noexcept;
};

/// Waiting for input in a way that another thread can end, and the descriptors that reports are written to.
template <class S>
concept waits_for_input = std::default_initializable<typename S::wake_event> &&
    requires(int fd, const typename S::wake_event& event, steady_time deadline, char* to, std::size_t size) {
  { event.wake() }
  noexcept;
  { S::wait_readable(fd, &event, deadline) } -> std::same_as<readable>;
  { S::read_some(fd, to, size) } -> std::same_as<std::ptrdiff_t>;
  { S::note_standard_descriptors() }
  noexcept;
  { S::standard_descriptor(fd) }
  noexcept->std::same_as<int>;
  { S::can_be_written(fd, deadline) }
  noexcept->std::same_as<bool>;
};

template <class S>
concept back_end = sleeps_on_words<S> && makes_threads<S> && enters_the_exit<S> && freezes_threads<S> &&
    ends_when_late<S> && knows_c_library_locks<S> && lists_threads<S> && names_code<S> && waits_for_input<S>;

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
