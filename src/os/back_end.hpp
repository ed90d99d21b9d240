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
  { S::learn_from_own_calls() }
  noexcept;
  { S::has_to_learn_from_own_calls() }
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

}  // namespace curfew::inline v1::detail::os
