// SPDX-License-Identifier: Apache-2.0
// The process that is looked at, and what can be known of it without stopping it.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace curfew::tool::dump {

struct target {
  pid_t pid = 0;
  std::string name;          ///< as the kernel has it
  std::string program;       ///< the path of its program
  std::string root;          ///< what its paths are to be looked for under; empty where that is our own root
  bool own_numbers = false;  ///< it lives in another PID namespace: it knows its threads by other ids
};

/// Throws a `failure` that says why, if the process cannot be looked at.
target find_target(const std::string& pid);

/// Why ptrace failed with this error.
[[noreturn]] void refuse(const target&, int error);

/// The lines of /proc/PID/status, or of a thread of it.
std::map<std::string, std::string, std::less<>> status_of(const std::string& folder);
std::string text_of(const std::string& path);
std::string link_of(const std::string& path);
/// Empty once the process is gone.
std::vector<pid_t> threads_of(pid_t);

/// The state letter of a thread, and the name that the kernel has for it; '?' when it is gone.
struct task_line {
  char state = '?';
  std::string name;
};
task_line read_task(pid_t, pid_t tid);

}  // namespace curfew::tool::dump
