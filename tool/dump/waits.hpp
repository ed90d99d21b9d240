// SPDX-License-Identifier: Apache-2.0
// What a thread waits for, and for whom.
#pragma once

#include "dump/snapshot.hpp"
#include "dump/target.hpp"
#include "symbols/symbols.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace curfew::tool::dump {

struct descriptor {
  int number = -1;
  std::string what;  ///< as the kernel calls it: a path, "pipe:[123]", "socket 127.0.0.1:8080, listening"
};

struct wait {
  /// "running", "mutex", "rwlock", "join", "condition", "semaphore", "barrier", "once", "static", "stream", "lock",
  /// "atomic", "future", "curfew", "futex", "sleep", "descriptor", "process", "signal", "call", "kernel", "ended".
  std::string kind;
  std::string call;            ///< the system call; empty: none
  std::string in;              ///< what the program has called: "std::mutex::lock"; empty: not known
  std::uint64_t address = 0;   ///< of the lock, the condition, the word
  pid_t owner = 0;             ///< the thread that holds the lock, or that it joins; 0: not known
  std::int64_t limit_ns = -1;  ///< how long it was to last when it began; -1: for ever, or not known
  std::vector<descriptor> descriptors;
  unsigned more_descriptors = 0;
};

/// Looks threads up, of one snapshot.
class wait_reader {
 public:
  wait_reader(const target&, const snapshot&);
  /// `stack`: the frames, innermost first, those that were inlined too.
  wait wait_of(const thread_copy&, const std::vector<frame>& stack) const;
  /// The thread with this id in the process's own PID namespace; 0: there is none.
  [[nodiscard]] pid_t thread_named(pid_t own_tid) const;

 private:
  void read_futex(const thread_copy&, const std::vector<frame>&, wait& to) const;
  void read_lock(const std::string& kind, std::uint64_t word, std::uint32_t expected, wait& to) const;
  void read_descriptors(const system_call&, wait& to) const;
  void add_descriptor(int number, wait& to) const;

  const target& of_;
  const snapshot& all_;
  std::unordered_map<pid_t, pid_t> by_own_id_;
  std::unordered_map<std::uint64_t, pid_t> by_pointer_;
  mutable std::unordered_map<int, std::string> descriptors_;  // to look one up reads long lists
};

}  // namespace curfew::tool::dump
