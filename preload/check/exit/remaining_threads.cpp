// SPDX-License-Identifier: Apache-2.0
#include "check/exit/remaining_threads.hpp"

#include "check/exit/blocked.hpp"
#include "check/exit/file_buffers.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/frozen.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/sleeping.hpp"
#include "check/memory/accesses.hpp"
#include "check/memory/call_buffers.hpp"
#include "check/memory/waits.hpp"

namespace curfew::check {
namespace {

/// A call that sleeps has been given memory that is dead by now: it uses that when it goes on.
void tell_dead_buffer(const sleeping& in, int index, const call_stack& stack) noexcept {
  dead_buffer found;
  if (dead_buffer_of(in, found))
    emit_use(found.who, {.address = found.address, .pc = in.pc, .written = found.written}, index, stack);
}

/// Its stack, and what its registers point to.
void ask(pid_t tid, int index, call_stack& stack) noexcept {
  walk_other(tid, stack, 300);
  std::uint64_t registers[max_registers];
  const unsigned count = registers_of_other(registers);
  look_at_registers(index, registers, count);
}

}  // namespace

void look_at_threads(thread_moment when) noexcept {
  for_each_other(
      [](pid_t tid, int index, void* given) {
        const auto moment = *static_cast<thread_moment*>(given);
        note_step();
        note_name(index);
        sleeping in;
        bool sleeps = asleep(tid, in);
        const wait_facts wait = wait_of(index);
        if ((sleeps && is_frozen_by_curfew(in)) || (index >= 0 && is_curfews_own(tid, record->threads[index].name))) {
          record->threads[index].state.fetch_or(thread_record::frozen);
          return;
        }
        call_stack stack;
        if (moment == thread_moment::end_with_stacks &&
            (record->threads[index].state.load() & thread_record::crashed) == 0)
          ask(tid, index, stack);
        if (stack.count == 0 && sleeps) {
          stack.frames[0] = in.pc;
          stack.count = 1;
        }
        name_what_is_awaited(in, sleeps, wait);
        if (moment == thread_moment::end_with_stacks && sleeps) tell_dead_buffer(in, index, stack);
        const std::uint64_t call = sleeps ? static_cast<std::uint64_t>(in.call) : no_call;
        if (moment == thread_moment::begin)
          emit(running_at_exit{.call = call, .object = in.first_argument, .pc = in.pc}, index, stack);
        else
          emit(running_at_end{.call = call, .object = in.first_argument, .pc = in.pc}, index, stack);
      },
      &when);
}

}  // namespace curfew::check
