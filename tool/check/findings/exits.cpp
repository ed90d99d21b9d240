// SPDX-License-Identifier: Apache-2.0
// Findings about the exit itself: a second one, one in a handler, statics built in it, libraries unloaded.
#include "check/findings/interpreter.hpp"

namespace curfew::tool {

using check::event_kind;
using check::thread_record;

void interpreter::exited_again(int index) {
  const auto& e = record_.event(index);
  finding f;
  f.kind = "concurrent-exit";
  const bool returned = e.b == 1;
  f.threads.push_back(involve(index, e.thread, returned ? "returned from main" : "called exit second", !returned));
  f.message = thread_text(e.thread) +
              (returned ? " returned from main" : " called exit at " + place_text(first_own(f.threads[0].stack)));
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i) {
    const auto& first = record_.event(i);
    if (first.kind.load() != event_kind::exit_began || first.pid != e.pid) continue;
    f.threads.push_back(involve(i, first.thread, "exits", true));
    f.message += " while " + thread_text(first.thread) + " was in exit already";
    break;
  }
  f.advice =
      "let one thread end the process: curfew::request_exit() is safe to call on any, and "
      "return curfew::wait_for_exit() in main exits once";
  add(std::move(f), e);
}

void interpreter::exited_in_handler(int index) {
  const auto& e = record_.event(index);
  if (e.b != 0) return;
  finding f;
  f.kind = "exit-blocked";
  f.threads.push_back(involve(index, e.thread, "called exit in a signal's handler", true));
  const auto interrupted = record_.symbols_at(index).at(e.a).front();
  f.message =
      thread_text(e.thread) + " called exit in a signal's handler that had interrupted " +
      (interrupted.function.empty() ? place_text(interrupted) : quoted(interrupted.function)) +
      ": a destructor blocks as soon as it needs a lock that the interrupted code holds (the allocator's, say), "
      "and finds half-changed objects otherwise";
  f.advice =
      "in a handler only ask for the end: curfew::exit_on_signals(), or curfew::request_exit(), and "
      "return curfew::wait_for_exit() in main";
  add(std::move(f), e);
}

void interpreter::built(int index) {
  const auto& e = record_.event(index);
  // A library of the system builds its statics when it first needs them, and destroys them in turn.
  if (is_exiting(e.pid, e.thread) && object_of(index, e.b, e.c).of_system) return;
  finding f;
  f.kind = "static-built-during-exit";
  f.object = object_of(index, e.b, e.c);
  f.threads.push_back(involve(index, e.thread, "built it", true));
  f.message = thread_text(e.thread) + " built " + name_of_object(f.object) + " at " +
              place_text(first_own(f.threads[0].stack)) + " while the process exits" +
              (e.during >= 0 ? ", in " + destructor_text(e.during) : "");
  f.advice = "use it once before main returns, so that it is older than what needs it at exit, or never destroy it";
  add(std::move(f), e);
}

void interpreter::unloaded(int index) {
  const auto& e = record_.event(index);
  if (is_caused(e.pid, e.thread)) return;
  caused_.insert({e.pid, e.thread});
  finding f;
  f.kind = "unloaded-code-running";
  f.object.module = base_name(record_.text(e.c, e.d));
  f.threads.push_back(involve(index, e.thread, "runs in it", true));
  f.message = thread_text(e.thread) + " runs code of " + f.object.module + ", which dlclose has unloaded";
  f.advice =
      "let the library end its threads before dlclose returns (join them in its destructor), or load it with "
      "RTLD_NODELETE";
  add(std::move(f), e);
}

}  // namespace curfew::tool
