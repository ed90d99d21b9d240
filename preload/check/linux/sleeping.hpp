// SPDX-License-Identifier: Apache-2.0
// What /proc says of a thread. Async-signal-safe.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace curfew::check {

/// Reads a small file of /proc: its length, or -1.
long read_small_file(const char* path, char* to, std::size_t size) noexcept;

/// Does /proc show this process under the numbers that it has for itself? In another namespace of processes it does
/// not, and says nothing of its threads here.
bool is_proc_ours() noexcept;

/// The system call that a thread sleeps in.
struct sleeping {
  long call = -1;
  std::uint64_t first_argument = 0, pc = 0;
  std::uint64_t arguments[6] = {};
};
/// False when it runs.
bool asleep(pid_t tid, sleeping& to) noexcept;
/// Does it go on by itself after a while?
bool has_limit(const sleeping&) noexcept;
/// Has the thread blocked that signal? True, too, when nobody can tell.
bool blocks_signal(pid_t tid, int signal) noexcept;

/// It is there still.
bool is_running(pid_t tid) noexcept;
/// A main thread that has left by pthread_exit stays in the list of threads, and executes nothing any more.
bool is_ended_main(pid_t tid) noexcept;

}  // namespace curfew::check
