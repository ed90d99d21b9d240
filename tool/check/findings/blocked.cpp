// SPDX-License-Identifier: Apache-2.0
// An exit, or a dlclose, that makes no progress.
#include "check/findings/families.hpp"
#include "check/findings/wait_words.hpp"

namespace curfew::tool {
namespace {

template <class Event>
wait_facts wait_of(const told<Event>& e) {
  return {e.index, e->call, e->object, e->file, e->holder, e->wait};
}

/// What is blocked: a destructor, a dlclose, something of the exit's own.
std::string blocked_text(interpreter& in, const told<check::exit_blocked>& e, const std::vector<frame>& stack) {
  const auto closing = in.record.all_of<check::library_closing>(e.pid());
  std::string library;
  for (const auto& one : closing)
    if (one.index < e.index) library = in.record.text(one->path);
  if (!library.empty()) return "dlclose of " + base_name(library);
  if (e.during() >= 0) return in.destructor_text(e.during());
  return "the exit, in " + code_text(first_own(stack)) + ",";
}

/// Who has what it waits for; where nobody does, some of the others.
void add_others(interpreter& in, const told<check::exit_blocked>& e, finding& f) {
  unsigned others = 0;
  for (const auto& other : in.record.all_of<check::thread_blocked>(e.pid())) {
    const bool holder = other.thread() == e->holder;
    if (!holder && (e->holder >= 0 || ++others > 4)) continue;
    auto t = in.involve(other.index, other.thread(), holder ? "is waited for" : "is there, too", true);
    if (holder) {
      static_object of_other;
      f.message += "; " + in.thread_text(other.thread()) + " " + wait_text(in, wait_of(other), t.stack, of_other) +
                   " at " + place_text(first_own(t.stack));
    }
    f.threads.push_back(std::move(t));
  }
}

}  // namespace

void find_blocked_exits(interpreter& in) {
  for (const auto& e : in.record.all<check::exit_blocked>()) {
    // A thread that has crashed with a lock has been reported; so has a child that joins a thread it does not have.
    if (in.has_state(e->holder, check::thread_record::crashed) || !in.is_first_block(e.pid())) continue;
    finding f;
    f.kind = "exit-blocked";
    f.threads.push_back(in.involve(e.index, e.thread(), "is blocked", true));
    const std::string wait = wait_text(in, wait_of(e), f.threads[0].stack, f.object);
    // A join has no object of its own.
    if (f.object.name.empty())
      if (const auto object = in.object_destroyed_by(e.during()); object.offset != 0) f.object = object;
    f.message = blocked_text(in, e, f.threads[0].stack) + " has made no progress for " + std::to_string(e->ms) +
                " ms: it " + wait + " at " + place_text(first_own(f.threads[0].stack));
    add_others(in, e, f);
    if (in.has_state(e->holder, check::thread_record::ended)) {
      f.threads.push_back(in.involve(e.index, e->holder, "has ended", false));
      f.advice =
          "a thread that ends, or is cancelled, must give its locks back first: std::lock_guard, or "
          "pthread_cleanup_push in C; a robust mutex tells its next owner";
      in.add(std::move(f), e.index);
      continue;
    }
    f.advice = e->holder >= 0
                   ? "see to it that the thread ends when it is asked to (a std::stop_token, a wait with a limit), "
                     "and ask it before main returns; a deadline ends the exit in any case: curfew run "
                     "--deadline 10s, or curfew::exit_options"
                   : "end what it waits for before main returns; a deadline ends the exit in any case: curfew run "
                     "--deadline 10s, or curfew::exit_options";
    in.add(std::move(f), e.index);
  }
}

}  // namespace curfew::tool
