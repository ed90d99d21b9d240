// SPDX-License-Identifier: Apache-2.0
// What a thread sleeps for, and who could end its sleep. Nothing here allocates or takes a lock.
#pragma once

#include "os/tasks.hpp"

#include <chrono>

namespace curfew::inline v1::detail::os {

/// Who can end a thread's sleep before its time is over.
enum class wait_for : unsigned char {
  nothing,         ///< it does not sleep, or sleeps in a call that is no wait
  another_thread,  ///< a lock, a condition, a join, a semaphore: a futex
  time,            ///< a sleep: nobody
  a_signal,        ///< pause, sigsuspend, sigwait
  inside_input,    ///< input or output whose other end is in this process: a pipe, an eventfd, a socket of its own
  mixed_input,     ///< some of it is, or may be: message queues and semaphores of the system
  outside_input,   ///< other processes, children too, devices, the network
};

struct sleep_facts {
  wait_for what = wait_for::nothing;
  bool ends_by_itself = false;  ///< it has a time limit
  bool ends_soon = false;       ///< that comes within the time that was asked for
};

/// Of a thread of this process whose status was read just now.
sleep_facts facts_of_sleep(const task_status&, std::chrono::nanoseconds soon) noexcept;

/// Does it wait for the signal by which glibc's timers with SIGEV_THREAD come? Only glibc's own thread can.
bool waits_for_signal_of_timers(const task_status&) noexcept;

/// Is there a timer of the program that may be set, and whose signal or input may end a wait?
bool has_timers() noexcept;

/// Reads memory of this process that may be gone: the kernel copies, and reports an error instead of faulting.
bool read_own_memory(std::uint64_t address, void* to, std::size_t size) noexcept;

}  // namespace curfew::inline v1::detail::os
