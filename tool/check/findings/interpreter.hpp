// SPDX-License-Identifier: Apache-2.0
// From events to findings: what they share. findings/ has a file for each family, story.cpp tells how the exit went.
#pragma once

#include "check/findings/finding.hpp"
#include "check/findings/words.hpp"
#include "check/reading/record_view.hpp"

#include <set>
#include <string>
#include <utility>

namespace curfew::tool {

class interpreter {
 public:
  interpreter(record_view& record, check_result& to) : record_(record), to_(to) {}

  /// `status`: the program's own, as a shell has it.
  void run(int status);
  void tell_story();

 private:
  using event = check::event_record;

  involved_thread involve(int event_index, int thread, const std::string& role, bool with_stack);
  static_object object_of(int event_index, std::uint64_t address, std::uint64_t size);
  std::string name_of_object(const static_object&) const;
  /// "the destructor of `x`", "the exit handler `f`".
  std::string destructor_text(int destructor_event);
  std::string thread_text(int thread) const;
  /// What to do about a thread that outlives main.
  std::string advice_for(int thread) const;
  bool is_exiting(int pid, int thread) const;
  bool exit_began_before(int pid, int index) const;
  bool has_ended(int pid) const;
  /// Has the destructor freed memory that its object pointed to?
  bool is_owner(int destructor) const;
  bool is_caused(int pid, int thread) const { return caused_.contains({pid, thread}); }
  void add(finding, const event&);

  void accessed(int index);
  void changed_under(int index);
  void accessed_freed(int index);
  void freed_twice(int index);
  void written(int index);
  void crashed(int index);
  void died_unseen(int status);
  void terminated(int index);
  void terminated_before_exit(int index);
  void blocked(int index);
  void joined(int index);
  void exited_again(int index);
  void exited_in_handler(int index);
  void built(int index);
  void unloaded(int index);
  void left_output(int index);
  void held(int index, bool stream);
  void running(int index);
  void ended_meanwhile(int index);
  void count_what_was_seen();

  std::string wait_text(int index, const std::vector<frame>& stack, static_object& object);

  record_view& record_;
  check_result& to_;
  /// Threads of which something was said that explains their later misfortunes.
  std::set<std::pair<int, int>> caused_;
  std::set<int> blocked_processes_;
};

}  // namespace curfew::tool
