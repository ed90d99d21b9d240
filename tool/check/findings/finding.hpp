// SPDX-License-Identifier: Apache-2.0
// What `curfew check` says: findings, and the exit as it went.
#pragma once

#include "symbols/symbols.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace curfew::tool {

struct involved_thread {
  unsigned number = 0;
  std::string name;
  std::string role;  ///< what it has to do with the finding, in two or three words
  std::string kind;  ///< "main", "detached", "joinable", "not started by pthread_create"
  frame created_at;  ///< the first place outside of the C and C++ libraries; empty for main
  std::vector<frame> created_stack;
  std::vector<frame> stack;
  int pid = 0;
};

struct finding {
  std::string kind;
  bool error = true;
  std::string message;
  static_object object;
  std::vector<involved_thread> threads;
  unsigned count = 1;
  std::string advice;
  bool in_child = false;
};

/// One bar of the timeline.
struct exit_step {
  std::string what, where;
  double begin_ms = 0, end_ms = 0;
  bool of_library = false;  ///< the C++ library's own, or of a module of the system
};
struct exit_mark {
  std::string what;
  double at_ms = 0;
  bool error = false;
};
struct exit_lane {
  std::string name;
  std::string when_main_ended;  ///< where it was then
  double begin_ms = 0, end_ms = -1;
  std::vector<exit_mark> marks;
};
struct exit_story {
  const char* steps_are = "Destructors and exit handlers";
  const char* a_step_is = "a destructor or exit handler";
  std::string program;
  double length_ms = 0;
  bool ended = false;
  std::vector<exit_step> steps;
  std::vector<exit_lane> lanes;
};

struct check_result {
  bool loaded = false;   ///< the library was loaded into the program
  bool complete = true;  ///< the record had room for everything
  int status = 0;        ///< the program's own, as a shell has it
  int signal = 0;        ///< that it died of; 0: none
  bool exit_seen = false;
  std::string became;                            ///< the program that it became by exec before its exit; empty: none
  unsigned destructors = 0;                      ///< of statics, that were watched
  unsigned threads = 0;                          ///< beside main
  unsigned threads_at_exit = 0;                  ///< beside the exiting one, when it began, in all processes
  std::map<std::string, unsigned> kept_threads;  ///< that libraries keep to the end by design, by library
  std::vector<finding> findings;
  exit_story story;
};

struct finding_kind {
  const char* name;
  bool error;
  const char* means;
};
inline constexpr finding_kind finding_kinds[] = {
    {"static-used-after-destruction", true, "A static was used after its destructor had run."},
    {"local-of-main-used", true,
     "A local variable of main, or of a function that it had called, was used after main had returned."},
    {"freed-at-exit-used", true, "Memory that the exit had freed was used."},
    {"crashed-during-exit", true, "A thread died by a signal or std::terminate during the exit."},
    {"static-built-during-exit", true, "A static was constructed while the process exited."},
    {"joinable-thread-destroyed", true, "The handle of a joinable thread was destroyed."},
    {"exit-blocked", true, "The exit, or dlclose, made no progress."},
    {"concurrent-exit", true, "Two threads ended the process."},
    {"unloaded-code-running", true, "A thread ran code of a library that was unloaded."},
    {"output-lost", true, "A thread had output in a buffer that nobody wrote."},
    {"thread-running-at-exit", false, "A thread still ran when the process was over."},
    {"slow-exit", false, "The exit waited for a long time, and went on by itself."},
    {"lock-held-at-exit", false, "A thread held a mutex at the end of the exit."},
    {"stdio-blocked-at-exit", false, "A thread was blocked inside a stream and held its lock."},
};

}  // namespace curfew::tool
