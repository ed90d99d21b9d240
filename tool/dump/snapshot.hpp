// SPDX-License-Identifier: Apache-2.0
// All threads of a process at one moment. They are stopped only while their registers and stacks are copied; what the
// copies say is found out afterwards.
#pragma once

#include "dump/memory.hpp"
#include "dump/registers.hpp"
#include "dump/target.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace curfew::tool::dump {

struct thread_copy {
  pid_t tid = 0;
  pid_t own_tid = 0;       ///< in the process's own PID namespace
  task_line task;          ///< before it was stopped
  bool has_ended = false;  ///< the first thread, which ends before the others and stays until they have
  bool copied = false;     ///< false: it did not stop, because it sleeps in the kernel and cannot be woken
  bool late = false;       ///< it was copied alone, after the others went on
  registers state;
  memory_range not_copied;  ///< of its stack
};

struct snapshot {
  explicit snapshot(pid_t of) : at(of) {}
  memory at;
  std::vector<thread_copy> threads;  ///< in the order of their ids
  std::vector<mapping> mappings;
  std::chrono::steady_clock::time_point taken;
  std::chrono::nanoseconds stopped{0};  ///< from the first thread that was told to stop until the last went on
};

/// Stops all threads, copies them and lets them go on. `also` is called while they are stopped. Throws a `failure`,
/// when the process cannot be traced; nothing is stopped then, nor when this process is killed.
snapshot take_snapshot(const target&, const std::function<void(snapshot&)>& also);

}  // namespace curfew::tool::dump
