// SPDX-License-Identifier: Apache-2.0
// Threads that nothing waits for: there at the end of the exit, or gone before it by luck.
#include "check/findings/families.hpp"
#include "check/findings/known_libraries.hpp"

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
  if (const auto* const library = library_of(f.threads[0], e->call)) {
    if (library->by_design) return in.note_kept_thread(library->owner);
    f.message = in.thread_text(e.thread()) + " of " + library->owner +
                " still ran when the last destructor had run: what it has not done by then is lost";
    f.advice = library->advice;
    return in.add(std::move(f), e.index);
  }
  f.message = in.thread_text(e.thread()) +
              " still ran when the last destructor had run: what it has not done by then is lost" +
              (is_library_frame(where) ? "" : ", at " + place_text(where));
  f.advice = in.advice_for(e.thread());
  in.add(std::move(f), e.index);
}

/// A destructor or a handler that ran when a thread ended may have waited for that: a logger that drains is sound. It
/// has slept then, or used the processor that it had to look again and again; on a busy machine one that does neither
/// may have had none for a while.
bool may_have_waited_for(const told<check::destructor_ran>& d, std::uint64_t ended_ns) {
  constexpr std::uint64_t least_share = 8;  // among so many threads it is one that is ready to run
  if (ended_ns < d.head->at_ns || (d->ended_ns != 0 && d->ended_ns < ended_ns)) return false;
  return d->ended_ns == 0 || d->asleep_ns != 0 || d->on_cpu_ns >= (ended_ns - d.head->at_ns) / least_share;
}

/// curfew waits for such a thread, or freezes it.
bool is_started_by_curfew(const std::vector<frame>& created_stack) {
  const auto own = std::find_if_not(created_stack.begin(), created_stack.end(), is_library_frame);
  return std::any_of(created_stack.begin(), own, is_curfew_frame);
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
  for (const auto& d : in.record.all_of<check::destructor_ran>(e.pid()))
    if (d.index >= e.index && may_have_waited_for(d, t->ended_ns)) return;
  const auto ran = in.involve(e.index, e.thread(), "ran", true);
  if (is_started_by_curfew(ran.created_stack)) return;
  const auto* const library = library_of(ran, e->call);
  if (library != nullptr && library->by_design) return in.note_kept_thread(library->owner);
  finding f;
  f.kind = "thread-running-at-exit";
  f.error = false;
  f.threads.push_back(in.involve(e.index, e.thread(), "ran", false));
  char ms[32];
  std::snprintf(ms, sizeof ms, "%.1f", static_cast<double>(t->ended_ns - e.head->at_ns) / 1e6);
  f.message = in.thread_text(e.thread()) + (library != nullptr ? std::string(" of ") + library->owner : "") +
              " still ran when the exit began, and ended " + ms +
              " ms later, which this run gave it: nothing waits for it, so a quicker exit loses its work";
  f.advice = library != nullptr ? library->advice : in.advice_for(e.thread());
  in.add(std::move(f), e.index);
}

}  // namespace

void find_running_threads(interpreter& in) {
  for (const auto& e : in.record.all<check::running_at_end>()) add_running(in, e);
  for (const auto& e : in.record.all<check::running_at_exit>()) add_ended_meanwhile(in, e);
}

}  // namespace curfew::tool
