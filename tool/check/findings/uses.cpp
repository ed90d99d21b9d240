// SPDX-License-Identifier: Apache-2.0
// Findings about memory: statics used after their end, what the exit freed and somebody used.
#include "check/findings/interpreter.hpp"

#include <algorithm>

namespace curfew::tool {

using check::event_kind;
using check::thread_record;

void interpreter::accessed(int index) {
  const auto& e = record_.event(index);
  const bool guessed = e.other >= 0 && (record_.event(e.other).role & check::destructor_guessed) != 0;
  // Where the size is a guess, the thread that exits may well look at a flag behind the object that says it is gone.
  if (guessed && is_exiting(e.pid, e.thread)) return;
  // Reading what the destructor has left as it was goes well until somebody changes the class.
  const bool harmless = e.other >= 0 && e.thread >= 0 &&
                        (record_.event(e.other).role & check::destructor_harmless) != 0 &&
                        (record_.thread(e.thread)->state.load() & thread_record::crashed) == 0;
  if (!is_exiting(e.pid, e.thread) && !harmless) caused_.insert({e.pid, e.thread});
  finding f;
  f.error = !harmless;
  f.kind = "static-used-after-destruction";
  f.object = object_of(index, e.b, e.c);
  f.count = e.times;
  f.threads.push_back(involve(index, e.thread, "used it", true));
  const auto where = first_own(f.threads[0].stack);
  const bool itself = is_exiting(e.pid, e.thread);
  f.message = thread_text(e.thread) + " " + ((e.role & check::access_writes) != 0 ? "wrote to " : "used ") +
              name_of_object(f.object) + " at " + place_text(where) + " after its destructor had run";
  if (harmless) f.message += " (which had changed nothing in it, so this goes well today)";
  if ((e.role & check::access_in_handler) != 0) {
    f.message += ", in a signal's handler";
    f.advice =
        "a signal still comes while statics are destroyed: stop its timer, or ignore the signal (SIG_IGN) before main "
        "returns, and let the handler use nothing but what is never destroyed";
  } else if (itself) {
    f.message += ", from " + destructor_text(e.during);
    f.advice =
        "a static that another one uses must be older: construct it first (call its accessor in the other's "
        "constructor), or never destroy it: static auto& x = *new T";
  } else {
    f.advice = advice_for(e.thread);
  }
  add(std::move(f), e);
}

void interpreter::changed_under(int index) {
  const auto& e = record_.event(index);
  if (is_caused(e.pid, e.thread)) return;
  // A thread that ends by itself has been asked to by that change, as likely as not.
  bool still_there = false;
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i)
    if (const auto& r = record_.event(i); r.kind.load() == event_kind::ended && r.pid == e.pid)
      for (int k = i; k >= 0; --k)
        if (const auto& t = record_.event(k);
            t.kind.load() == event_kind::running_at_end && t.thread == e.thread && t.pid == e.pid && t.stack_count != 0)
          still_there = true;
  const auto* const t = record_.thread(e.thread);
  // Words of system libraries change for many reasons; what has no name may be the loader's.
  const auto used = object_of(index, e.a, 0);
  if (used.name.empty() || used.of_system) return;
  if (!still_there || t == nullptr || (t->state.load() & (thread_record::joined | thread_record::ended)) != 0) return;
  const bool freed = e.b != 0;
  if (freed) caused_.insert({e.pid, e.thread});
  finding f;
  f.error = freed;
  f.kind = "static-used-after-destruction";
  const auto& destructor = record_.event(e.other);
  f.object = object_of(e.other, destructor.b, destructor.c);
  f.threads.push_back(involve(index, e.thread, "used it", true));
  f.message =
      thread_text(e.thread) + " used " + name_of_object(used) + " at " + place_text(first_own(f.threads[0].stack)) +
      " after " + destructor_text(e.other) +
      (freed ? " had freed what it pointed to"
             : " had changed it (a fault where it stands for the destroyed object, none where it is a flag that "
               "tells of the end)");
  f.advice = advice_for(e.thread);
  add(std::move(f), e);
}

bool interpreter::is_owner(int destructor) const {
  return destructor >= 0 && (record_.event(destructor).role & check::destructor_owns) != 0;
}

void interpreter::accessed_freed(int index) {
  const auto& e = record_.event(index);
  if (is_caused(e.pid, e.thread)) return;
  // The same thread's use of the static that owned the memory says more, and may stand behind this one.
  for (int i = index + 1; i < static_cast<int>(record_.event_count()); ++i) {
    const auto& later = record_.event(i);
    if (later.kind.load() == event_kind::access && later.pid == e.pid && later.thread == e.thread &&
        later.other == e.other)
      return;
  }
  caused_.insert({e.pid, e.thread});
  finding f;
  // What a static owns is part of it.
  const bool owned = is_owner(e.other);
  f.kind = owned ? "static-used-after-destruction" : "freed-at-exit-used";
  f.count = e.times;
  f.threads.push_back(involve(index, e.thread, "used it", true));
  if (e.other >= 0 && record_.event(e.other).c != 0)
    f.object = object_of(e.other, record_.event(e.other).b, record_.event(e.other).c);
  f.message = thread_text(e.thread) + " used, at " + place_text(first_own(f.threads[0].stack)) +
              ", memory (a block of " + std::to_string(e.c) + " bytes) that " + destructor_text(e.other) +
              " had freed" + (owned ? ": it belonged to the static" : "");
  f.advice = advice_for(e.thread);
  add(std::move(f), e);
}

void interpreter::freed_twice(int index) {
  const auto& e = record_.event(index);
  if (is_caused(e.pid, e.thread)) return;
  // An object that was being changed by another thread when its destructor ran frees the same twice.
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i)
    if (const auto& t = record_.event(i);
        t.kind.load() == event_kind::access && t.pid == e.pid && (t.other == e.other || t.other == e.during))
      return;
  caused_.insert({e.pid, e.thread});
  finding f;
  f.kind = "freed-at-exit-used";
  f.threads.push_back(involve(index, e.thread, "freed it again", true));
  f.message = thread_text(e.thread) + " freed, at " + place_text(first_own(f.threads[0].stack)) + ", memory that " +
              destructor_text(e.other) + " had freed";
  f.advice = is_exiting(e.pid, e.thread) ? "two owners of the same memory: give it one" : advice_for(e.thread);
  add(std::move(f), e);
}

void interpreter::written(int index) {
  const auto& e = record_.event(index);
  for (const auto& f : to_.findings)
    if (f.error) return;  // who did so is known
  finding f;
  const bool owned = is_owner(e.other);
  f.kind = owned ? "static-used-after-destruction" : "freed-at-exit-used";
  if (owned) f.object = object_of(e.other, record_.event(e.other).b, record_.event(e.other).c);
  f.message = "memory (a block of " + std::to_string(e.c) + " bytes) was written to after " + destructor_text(e.other) +
              " had freed it" + (owned ? ": it belonged to the static" : "") + "; by whom was not seen";
  f.advice = "end the threads that use it before main returns";
  add(std::move(f), e);
}

}  // namespace curfew::tool
