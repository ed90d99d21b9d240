// SPDX-License-Identifier: Apache-2.0
// An exit that waits for a thread which cannot come: itself, or one that fork has left behind.
#include "check/findings/families.hpp"

namespace curfew::tool {
namespace {

constexpr const char* advice_for_child_of_exit =
    "end that child by _exit, or let no thread fork any more when main returns: wait for the thread first "
    "(curfew::thread), or run the program under `curfew run`, where such a child ends as usual";
constexpr const char* advice_for_child =
    "end a forked child by _exit, or make the library's threads anew in it (pthread_atfork)";

/// Nothing else is said of that process's exit.
template <class Event, class Describe>
void add_blocked_for_good(interpreter& in, const told<Event>& e, Describe describe) {
  if (!in.is_first_block(e.pid())) return;
  in.set_caused(e.pid(), e.thread());
  finding f;
  f.kind = "exit-blocked";
  f.threads.push_back(in.involve(e.index, e.thread(), "is blocked", true));
  describe(f, place_text(first_own(f.threads[0].stack)));
  in.add(std::move(f), e.index);
}

}  // namespace

void find_waits_for_nobody(interpreter& in) {
  for (const auto& e : in.record.all<check::joined_nobody>())
    add_blocked_for_good(in, e, [&](finding& f, const std::string& where) {
      f.message = in.destructor_text(e.during()) + " joins, at " + where + ", " + in.thread_text(e->joined);
      if (e->itself != 0) {
        f.message += ", on which it runs itself: exit was called there";
        f.advice =
            "do not call exit on a thread that a destructor joins: curfew::request_exit() there, and "
            "return curfew::wait_for_exit() in main";
      } else {
        f.message += " of the process that this child was forked from, and that is not here";
        f.threads.push_back(in.involve(e.index, e->joined, "is not there", false));
        f.advice = advice_for_child;
      }
    });
  for (const auto& e : in.record.all<check::exit_left_behind>())
    add_blocked_for_good(in, e, [&](finding& f, const std::string& where) {
      const std::string exiting = e->exiting >= 0 ? in.thread_text(e->exiting) : "another thread";
      f.message = "the exit waits for ever, at " + where + ", for a lock of the C library that " + exiting +
                  " held, inside its own exit, when this process was forked";
      for (const auto& forked : in.record.all_of<check::forked_beside_exit>(e.pid()))
        f.message += " at " + place_text(first_own(in.record.stack_of(forked.index)));
      f.message += "; that thread is not here, and the process would be left behind";
      if (e->exiting >= 0) f.threads.push_back(in.involve(e.index, e->exiting, "is not there", false));
      f.advice = advice_for_child_of_exit;
    });
  for (const auto& e : in.record.all<check::condition_destroyed>())
    add_blocked_for_good(in, e, [&](finding& f, const std::string& where) {
      f.object = in.object_of(e.index, e->condition, 0);
      f.message = in.destructor_text(e.during()) + " destroys, at " + where + ", the condition variable " +
                  interpreter::name_of_object(f.object) +
                  " on which a thread waits that this forked child does not have";
      f.advice = advice_for_child;
    });
}

}  // namespace curfew::tool
