// SPDX-License-Identifier: Apache-2.0
#include "dump/unwind.hpp"

#include <dwarf.h>
#include "symbols/elfutils.hpp"

namespace curfew::tool::dump {
namespace {

constexpr std::size_t most_frames = 10'000;

}  // namespace

unwinder::unwinder(const symbols& of, const snapshot& all) : dwfl_(of.handle()), now_{&all, nullptr, false} {
  static constexpr Dwfl_Thread_Callbacks callbacks = {
      .next_thread =
          [](Dwfl*, void* argument, void** thread) {
            const auto* const now = static_cast<const request*>(argument);
            if (*thread != nullptr || now->thread == nullptr) return 0;
            *thread = argument;
            return static_cast<int>(now->thread->tid);
          },
      .get_thread =
          [](Dwfl*, pid_t, void* argument, void** thread) {
            *thread = argument;
            return true;
          },
      .memory_read =
          [](Dwfl*, Dwarf_Addr address, Dwarf_Word* to, void* argument) {
            auto* const now = static_cast<request*>(argument);
            if (now->thread->not_copied.has(address)) return !(now->is_cut = true);
            return now->all->at.read(address, to, sizeof *to);
          },
      .set_initial_registers =
          [](Dwfl_Thread* thread, void* argument) {
            const registers& r = static_cast<const request*>(argument)->thread->state;
            dwfl_thread_state_register_pc(thread, r.code);
            return dwfl_thread_state_registers(thread, 0, static_cast<unsigned>(r.by_dwarf.size()), r.by_dwarf.data());
          },
      .detach = nullptr,
      .thread_detach = nullptr,
  };
  const pid_t some_pid = all.threads.empty() ? 1 : all.threads.front().tid;
  ready_ = dwfl_ != nullptr && dwfl_attach_state(dwfl_, nullptr, some_pid, &callbacks, &now_);
}

call_stack unwinder::stack_of(const thread_copy& thread) {
  call_stack stack;
  if (!thread.copied) return stack;
  now_.thread = &thread;
  now_.is_cut = false;
  if (ready_)
    dwfl_getthread_frames(
        dwfl_, thread.tid,
        [](Dwfl_Frame* frame, void* to) {
          auto& code = *static_cast<std::vector<std::uint64_t>*>(to);
          Dwarf_Addr pc = 0;
          bool is_activation = false;
          if (!dwfl_frame_pc(frame, &pc, &is_activation) || pc == 0) return static_cast<int>(DWARF_CB_ABORT);
          // A return address may lie behind the last instruction of its function.
          code.push_back(is_activation ? pc : pc - 1);
          return static_cast<int>(code.size() < most_frames ? DWARF_CB_OK : DWARF_CB_ABORT);
        },
        &stack.code);
  if (stack.code.empty()) stack.code.push_back(thread.state.code);
  stack.is_cut = now_.is_cut || stack.code.size() >= most_frames;
  return stack;
}

}  // namespace curfew::tool::dump
