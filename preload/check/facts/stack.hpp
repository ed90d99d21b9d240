// SPDX-License-Identifier: Apache-2.0
// Call stacks, of this thread and of others.
#pragma once

#include "check/facts/call_stack.hpp"

#include <setjmp.h>
#include <signal.h>
#include <sys/types.h>

#include <cstdint>

namespace curfew::check {

/// The caller's, innermost first. With the third argument of a signal handler: from where the signal hit. What cannot
/// be unwound (no tables, a broken stack) ends it early; a fault meanwhile is caught by `mend_unwinding`.
void walk(call_stack& to, const void* ucontext = nullptr) noexcept;
/// The same, from here, with the stack pointer of each frame: room for `call_stack::capacity`.
void walk_with_stack_pointers(call_stack& to, std::uint64_t* stack_pointers) noexcept;

/// How pages that somebody keeps closed are opened for a while.
struct closable_pages {
  bool (*is_closed)(const void* address) noexcept;
  void (*open)(std::uint64_t begin, std::uint64_t size) noexcept;
  void (*close)(std::uint64_t begin, std::uint64_t size) noexcept;
};

/// In the handler of SIGSEGV and SIGBUS, first of all. True: unwinding has read a closed page (the tables point into
/// the program's data), which is open now. Does not return when unwinding went astray. False: it is not about
/// unwinding.
bool mend_unwinding(const void* address, const void* ucontext, const closable_pages&) noexcept;

/// Another thread's, by a signal; empty when it does not answer in time, or would be given the signal in place of
/// another one (it blocks it, or waits for signals). A thread whose system call the signal would end stays in the
/// handler for good. One at a time: from the watching thread that ends the process, or at the very end.
void walk_other(pid_t tid, call_stack& to, unsigned timeout_ms) noexcept;
/// Of the thread that answered last: what was in its registers; 0: they are not known here.
inline constexpr unsigned max_registers = 32;
unsigned registers_of_other(std::uint64_t (&to)[max_registers]) noexcept;
/// The signal by which threads are asked; 0 when there is none.
int stack_signal() noexcept;
/// Finds a free signal and takes it; idempotent. A thread that is not to come back from the handler calls `stay`, which
/// does not return.
void take_stack_signal(void (*stay)() noexcept) noexcept;
/// The same, and makes the unwinder ready, which allocates.
void prepare_stacks(void (*stay)() noexcept) noexcept;
/// Calls `expired(context)` on the calling thread when so much time has passed; 0: no more. By the same signal, which
/// the thread no longer blocks. One at a time.
void set_alarm(unsigned ms, void (*expired)(void* context)) noexcept;

}  // namespace curfew::check
