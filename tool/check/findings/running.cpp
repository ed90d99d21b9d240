// SPDX-License-Identifier: Apache-2.0
// Threads that nothing waits for: there at the end of the exit, or gone before it by luck.
#include "check/findings/families.hpp"

#include <algorithm>
#include <cstdio>

namespace curfew::tool {

using check::thread_record;

namespace {

void add_running(interpreter& in, const told<check::running_at_end>& e) {
  if (in.has_state(e.thread(), thread_record::crashed)) return;
  // It was seen again, with its stack; or its second exit has been told.
  if (in.record.all_of<check::running_at_end>(e.pid(), e.thread()).back().index > e.index) return;
  if (!in.record.all_of<check::exit_again>(e.pid(), e.thread()).empty()) return;
  finding f;
  f.kind = "thread-running-at-exit";
  f.error = false;
  f.threads.push_back(in.involve(e.index, e.thread(), "runs", true));
  const auto where = first_own(f.threads[0].stack);
  f.message = in.thread_text(e.thread()) + " still ran when the last destructor had run: its work is lost" +
              (is_library_frame(where) ? "" : ", at " + place_text(where));
  f.advice = in.advice_for(e.thread());
  in.add(std::move(f), e.index);
}

/// A thread that ended by itself between the beginning of the exit and its end, while nobody waited for it: here it
/// had the time, in another run it has not.
void add_ended_meanwhile(interpreter& in, const told<check::running_at_exit>& e) {
  const auto* const t = in.record.thread(e.thread());
  if (t == nullptr || t->number == 0 || t->ended_ns < e.head->at_ns) return;
  if (!in.has_state(e.thread(), thread_record::ended) ||
      in.has_state(e.thread(), thread_record::joined | thread_record::seen_only | thread_record::crashed) ||
      in.is_caused(e.pid(), e.thread()))
    return;
  // While a destructor or a handler ran, that may well have waited for it: a logger that drains is sound.
  for (const auto& d : in.record.all_of<check::destructor_ran>(e.pid()))
    if (d.index >= e.index && d.head->at_ns <= t->ended_ns && (d->ended_ns == 0 || t->ended_ns <= d->ended_ns)) return;
  finding f;
  f.kind = "thread-running-at-exit";
  f.error = false;
  f.threads.push_back(in.involve(e.index, e.thread(), "ran", false));
  char ms[32];
  std::snprintf(ms, sizeof ms, "%.1f", static_cast<double>(t->ended_ns - e.head->at_ns) / 1e6);
  f.message = in.thread_text(e.thread()) + " still ran when the exit began, and ended " + ms +
              " ms later, which this run gave it: nothing waits for it, so its work is lost when the exit is quicker";
  f.advice = in.advice_for(e.thread());
  in.add(std::move(f), e.index);
}

}  // namespace

void find_running_threads(interpreter& in) {
  for (const auto& e : in.record.all<check::running_at_end>()) add_running(in, e);
  for (const auto& e : in.record.all<check::running_at_exit>()) add_ended_meanwhile(in, e);
}

}  // namespace curfew::tool
