// SPDX-License-Identifier: Apache-2.0
// The threads of this process as the kernel sees them. Nothing here allocates or takes a lock.
#pragma once

#include <curfew/forward.hpp>

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace curfew::inline v1::detail::os {

/// The ids of this process's threads: as many as fit are written. Returns how many there are, or -1 when the system
/// does not say.
int list_tasks(std::span<pid_t> ids) noexcept;

/// The same for the descriptors that are open.
int list_descriptors(std::span<int> numbers) noexcept;

struct task_status {
  pid_t tid = 0;
  char state = '?';            ///< as in /proc/PID/stat: R running, S asleep, D asleep and not to be woken, …
  std::uint64_t switches = 0;  ///< how often it lost its processor: unchanged means that it still sleeps the same sleep
  std::uint64_t sleeps = 0;    ///< how often of these it gave the processor away
  long call = -1;              ///< the system call it is in; -1: none, or not known
  std::uint64_t arguments[6] = {};
  std::uint64_t stack_pointer = 0;  ///< where on its stack, and
  std::uint64_t code = 0;           ///< where in the code it is in that call
  bool has_limit = false;           ///< of a futex wait: whether it ends by itself
};

/// Returns false if there is no such thread any more.
bool read_task(pid_t tid, task_status&) noexcept;

/// What a thread has used and done so far. Zeros where the system does not say.
struct task_work {
  std::uint64_t run_ns = 0;      ///< time on a processor
  std::uint64_t delayed_ns = 0;  ///< time in which it was ready to run and had none
  std::uint64_t transfers = 0;   ///< calls that read or wrote something
};
task_work read_work(pid_t tid) noexcept;

/// The signals that wait for this thread alone, as a set of the kernel's: bit N-1 is signal N.
std::uint64_t signals_pending_for(pid_t tid) noexcept;

/// The system call that a thread sleeps in, as it was made.
struct task_call {
  long number = -1;
  std::uint64_t arguments[6] = {};
  std::uint64_t stack = 0;  ///< the stack pointer
  std::uint64_t code = 0;   ///< the address behind the instruction
};
/// Returns false if it sleeps in none, or the system does not say.
bool read_task_call(pid_t tid, task_call&) noexcept;

/// Is a signal blocked there? True when unknown.
bool blocks_signal(pid_t tid, int number) noexcept;

/// Returns "futex", "read", …; nullptr for a call that does not wait.
const char* call_name(long number) noexcept;

/// True for a futex wait, with or without a time limit.
bool waits_on_futex(const task_status&) noexcept;
/// True for a futex wait without a time limit; its word is then `arguments[0]`.
bool waits_for_ever_on_futex(const task_status&) noexcept;
/// True in a call that writes to a slow reader outside this process.
bool waits_for_reader(const task_status&) noexcept;
/// Whose memory is at an address? Other processes could change memory that they may share, and so end a wait on it.
enum class memory_kind : unsigned char { none, own, shared, unknown };
memory_kind kind_of_memory(std::uint64_t address) noexcept;
inline bool may_be_shared(std::uint64_t address) noexcept { return kind_of_memory(address) != memory_kind::own; }

/// Does the kernel run this task for itself (an io_uring worker)? It appears among a process's threads, but is none.
bool is_kernel_worker(pid_t tid) noexcept;

/// How many threads a sanitizer's runtime keeps that no thread library knows of.
extern const int sanitizer_tasks;

/// Names the calling thread for the OS: at most 15 bytes, cut at a character.
void name_own_task(const char* name, std::size_t size) noexcept;
/// What the OS calls a thread of this process: empty when there is none. Into `buffer`.
std::string_view name_of_task(pid_t tid, std::span<char> buffer) noexcept;
/// Names another thread of this process.
void name_task(pid_t tid, const char* name, std::size_t size) noexcept;

/// Is it still a thread of this process? Async-signal-safe.
bool thread_exists(pid_t tid) noexcept;

/// Is the calling thread the one the process began with?
bool is_first_task() noexcept;

}  // namespace curfew::inline v1::detail::os
