// SPDX-License-Identifier: Apache-2.0
// Findings about what is left: threads, locks, streams, output.
#include "check/findings/interpreter.hpp"

#include <cstdio>

namespace curfew::tool {

using check::event_kind;
using check::thread_record;

void interpreter::left_output(int index) {
  const auto& e = record_.event(index);
  finding f;
  f.kind = "output-lost";
  f.threads.push_back(involve(index, e.thread, "was writing", false));
  f.message = thread_text(e.thread) + " was frozen with " + std::to_string(e.b) +
              " bytes in a file stream that it had not written out";
  f.advice = "join() the thread before main returns; a curfew::shield keeps a daemon from being frozen in between";
  add(std::move(f), e);
}

void interpreter::held(int index, bool stream) {
  const auto& e = record_.event(index);
  finding f;
  f.error = false;
  f.threads.push_back(involve(index, e.other, "holds it", false));
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i)
    if (const auto& r = record_.event(i);
        r.kind.load() == event_kind::running_at_end && r.thread == e.other && r.pid == e.pid)
      f.threads[0].stack = record_.frames(i, r.stack, r.stack_count);
  if (stream) {
    static const char* const standard[] = {"stdin", "stdout", "stderr"};
    f.kind = "stdio-blocked-at-exit";
    f.object.name = e.b < 3 ? standard[e.b] : "the stream of descriptor " + std::to_string(static_cast<int>(e.b));
    f.message = thread_text(e.other) + " is blocked inside " + f.object.name +
                " and holds its lock: where exit locks every stream (glibc 2.38 and newer, musl) it waits for ever";
    f.advice = "read with read(2) or poll(2), which a stop request can end, or make the thread a daemon: curfew run";
  } else {
    f.kind = "lock-held-at-exit";
    f.object = object_of(index, e.a, 0);
    f.message = thread_text(e.other) + " holds the mutex " + name_of_object(f.object) +
                " at the end of the exit: a destructor that locks it would wait for ever";
    f.advice = advice_for(e.other);
  }
  add(std::move(f), e);
}

void interpreter::running(int index) {
  const auto& e = record_.event(index);
  if ((record_.thread(e.thread)->state.load() & thread_record::crashed) != 0) return;
  for (int i = index + 1; i < static_cast<int>(record_.event_count()); ++i)  // seen again, with its stack
    if (const auto& later = record_.event(i);
        later.kind.load() == event_kind::running_at_end && later.thread == e.thread && later.pid == e.pid)
      return;
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i)  // its second exit has been told
    if (const auto& again = record_.event(i);
        again.kind.load() == event_kind::exit_again && again.thread == e.thread && again.pid == e.pid)
      return;
  finding f;
  f.kind = "thread-running-at-exit";
  f.error = false;
  f.threads.push_back(involve(index, e.thread, "runs", true));
  const auto where = first_own(f.threads[0].stack);
  f.message = thread_text(e.thread) + " still ran when the last destructor had run: its work is lost" +
              (is_library_frame(where) ? "" : ", at " + place_text(where));
  f.advice = advice_for(e.thread);
  add(std::move(f), e);
}

/// A thread that ended by itself between the beginning of the exit and its end, while nobody waited for it: here it
/// had the time, in another run it has not.
void interpreter::ended_meanwhile(int index) {
  const auto& e = record_.event(index);
  const auto* const t = record_.thread(e.thread);
  if (t == nullptr || t->number == 0 || t->ended_ns < e.at_ns) return;
  const auto state = t->state.load();
  if ((state & thread_record::ended) == 0 ||
      (state & (thread_record::joined | thread_record::seen_only | thread_record::crashed)) != 0 ||
      is_caused(e.pid, e.thread))
    return;
  // While a destructor or a handler ran, that may well have waited for it: a logger that drains is sound.
  for (int i = index; i < static_cast<int>(record_.event_count()); ++i) {
    const auto& d = record_.event(i);
    if (d.kind.load() == event_kind::destructor && d.pid == e.pid && d.at_ns <= t->ended_ns &&
        (d.d == 0 || t->ended_ns <= d.d))
      return;
  }
  finding f;
  f.kind = "thread-running-at-exit";
  f.error = false;
  f.threads.push_back(involve(index, e.thread, "ran", false));
  char ms[32];
  std::snprintf(ms, sizeof ms, "%.1f", static_cast<double>(t->ended_ns - e.at_ns) / 1e6);
  f.message = thread_text(e.thread) + " still ran when the exit began, and ended " + ms +
              " ms later, which this run gave it: nothing waits for it, so its work is lost when the exit is quicker";
  f.advice = advice_for(e.thread);
  add(std::move(f), e);
}

}  // namespace curfew::tool
