// SPDX-License-Identifier: Apache-2.0
// From events to findings: what the families share.
#pragma once

#include "check/findings/finding.hpp"
#include "check/findings/words.hpp"
#include "check/reading/record_view.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace curfew::tool {

class interpreter {
 public:
  interpreter(record_view& read, check_result& to) : record(read), result(to) {}

  involved_thread involve(int event, int thread, const std::string& role, bool with_stack);
  static_object object_of(int event, std::uint64_t address, std::uint64_t size);
  /// The local variable that was used, of main or of a function that it had called.
  static_object local_used(const told<check::main_left>&, const told<check::static_used>&);
  /// Of the object that a destructor has destroyed; empty for an exit handler.
  static_object object_destroyed_by(int destructor);
  [[nodiscard]] static std::string name_of_object(const static_object&);
  /// "the destructor of `x`", "the exit handler `f`"; "main" for what went with its local variables.
  std::string destructor_text(int destructor);
  [[nodiscard]] std::string thread_text(int thread) const;
  /// What to do about a thread that outlives main.
  [[nodiscard]] std::string advice_for(int thread) const;
  /// One of `thread_record`'s flags.
  [[nodiscard]] bool has_state(int thread, std::uint32_t flags) const;

  [[nodiscard]] bool is_exiting(int pid, int thread) const;
  [[nodiscard]] bool exit_began_before(int pid, int event) const;
  [[nodiscard]] bool has_ended(int pid) const;
  /// Has something been said of the thread that explains its later misfortunes?
  [[nodiscard]] bool is_caused(int pid, int thread) const { return caused_.contains({pid, thread}); }
  void set_caused(int pid, int thread) { caused_.insert({pid, thread}); }
  /// True at the first call for that process: its exit is blocked, and that is said once.
  bool is_first_block(int pid) { return blocked_processes_.insert(pid).second; }
  [[nodiscard]] bool has_error() const;

  /// `event`: what it is about.
  void add(finding, int event);
  /// A thread that a library keeps to the end by design: no finding.
  void note_kept_thread(const std::string& owner) { ++result.kept_threads[owner]; }

  record_view& record;
  check_result& result;

 private:
  std::set<std::pair<int, int>> caused_;
  std::set<int> blocked_processes_;
  std::map<std::string, std::size_t> index_;  // of the findings, by what makes two of them equal
};

/// The exit of the first process as it went.
void tell_story(interpreter&);

}  // namespace curfew::tool
