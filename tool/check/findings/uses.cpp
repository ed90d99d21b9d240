// SPDX-License-Identifier: Apache-2.0
// Memory: statics used after their end, what the exit freed and somebody used.
#include "check/findings/families.hpp"

#include <algorithm>

namespace curfew::tool {

using check::thread_record;

namespace {

constexpr const char* advice_for_locals =
    "let the thread end before main returns (join() it, or make it a std::jthread that is declared after the "
    "variable), "
    "or make the variable static; with curfew, declare a curfew::exit_guard after it";

constexpr const char* advice_for_locals_of_functions =
    "let the thread end before the function returns (join() it, or make it a std::jthread that is declared after the "
    "variable), or give it a copy, or a std::shared_ptr";

void add_local_used(interpreter& in, const told<check::static_used>& e, const told<check::main_left>& left) {
  const bool of_main = e->address >= left->begin;
  const std::string owner =
      of_main        ? "main"
      : e->code == 0 ? "a function that main had called"
                     : code_text(in.record.symbols_at(left.index).at(e->code).back()) + ", which main had called";
  finding f;
  f.kind = "local-of-main-used";
  f.object = in.local_used(left, e);
  f.count = e.head->times;
  f.threads.push_back(in.involve(e.index, e.thread(), "used it", true));
  in.set_caused(e.pid(), e.thread());
  f.message =
      in.thread_text(e.thread()) + (e->written != 0 ? " wrote to " : " used ") +
      (f.object.name.empty() ? "a local variable" : interpreter::name_of_object(f.object) + ", a local variable") +
      " of " + owner + ", at " + place_text(first_own(f.threads[0].stack)) + ", after " + (of_main ? "main" : "that") +
      " had returned";
  f.advice = in.is_exiting(e.pid(), e.thread())
                 ? "make it static: what runs during the exit must not use what main has left"
             : of_main ? advice_for_locals
                       : advice_for_locals_of_functions;
  in.add(std::move(f), e.index);
}

bool gives_up_a_share(const interpreter& in, const told<check::destructor_ran>& destructor) {
  const auto by = in.record.symbols_at(destructor.index).at(destructor->function).back().symbol;
  return by.find("::~shared_ptr(") != std::string::npos || by.find("::~__shared_ptr(") != std::string::npos;
}

void add_static_used(interpreter& in, const told<check::static_used>& e) {
  if (e->scanned != 0) return;  // a collector looks for pointers, and does not use what it reads
  if (const auto left = in.record.event<check::main_left>(e->destructor)) return add_local_used(in, e, left);
  const auto destructor = in.record.event<check::destructor_ran>(e->destructor);
  const bool itself = in.is_exiting(e.pid(), e.thread());
  // Where the size is a guess, the thread that exits may well look at a flag behind the object that says it is gone.
  if (destructor && destructor->guessed != 0 && itself) return;
  // Reading what the destructor has left as it was goes well until somebody changes the class; not where it has given
  // up a share of what others still had then.
  const bool harmless = destructor && !gives_up_a_share(in, destructor) && destructor->harmless != 0 &&
                        e.thread() >= 0 && !in.has_state(e.thread(), thread_record::crashed);
  if (!itself && !harmless) in.set_caused(e.pid(), e.thread());
  finding f;
  f.error = !harmless;
  f.kind = "static-used-after-destruction";
  f.object = destructor && destructor->of_thread != 0 ? in.object_destroyed_by(e->destructor)
                                                      : in.object_of(e.index, e->object, e->size);
  f.count = e.head->times;
  f.threads.push_back(in.involve(e.index, e.thread(), "used it", true));
  f.message = in.thread_text(e.thread()) + " " + (e->written != 0 ? "wrote to " : "used ") +
              interpreter::name_of_object(f.object) + " at " + place_text(first_own(f.threads[0].stack)) +
              " after its destructor had run";
  if (harmless) f.message += " (which had changed nothing in it, so this goes well today)";
  if (e->in_handler != 0) {
    f.message += ", in a signal's handler";
    f.advice =
        "a signal still comes while statics are destroyed: stop its timer, or ignore the signal (SIG_IGN) before main "
        "returns, and let the handler use nothing but what is never destroyed";
  } else if (itself) {
    f.message += ", from " + in.destructor_text(e.during());
    f.advice =
        "a static that another one uses must be older: construct it first (call its accessor in the other's "
        "constructor), or never destroy it: static auto& x = *new T";
  } else {
    f.advice = in.advice_for(e.thread());
  }
  in.add(std::move(f), e.index);
}

/// What a static owns is part of it.
bool is_owner(const interpreter& in, int destructor) {
  const auto e = in.record.event<check::destructor_ran>(destructor);
  return e && e->owns != 0;
}

/// Memory that main itself freed, as it left its local variables.
bool was_mains(const interpreter& in, int destructor) { return bool(in.record.event<check::main_left>(destructor)); }

const char* kind_of_freed(const interpreter& in, int destructor) {
  if (was_mains(in, destructor)) return "local-of-main-used";
  return is_owner(in, destructor) ? "static-used-after-destruction" : "freed-at-exit-used";
}

void add_freed_used(interpreter& in, const told<check::freed_used>& e) {
  if (in.is_caused(e.pid(), e.thread())) return;
  // The same thread's use of the static that owned the memory says more, and may stand behind this one.
  for (const auto& later : in.record.all_of<check::static_used>(e.pid(), e.thread()))
    if (later.index > e.index && later->scanned == 0 && later->destructor == e->destructor) return;
  in.set_caused(e.pid(), e.thread());
  finding f;
  const bool owned = is_owner(in, e->destructor), of_main = was_mains(in, e->destructor);
  f.kind = kind_of_freed(in, e->destructor);
  f.count = e.head->times;
  f.threads.push_back(in.involve(e.index, e.thread(), "used it", true));
  f.object = in.object_destroyed_by(e->destructor);
  f.message = in.thread_text(e.thread()) + " used, at " + place_text(first_own(f.threads[0].stack)) +
              ", memory (a block of " + std::to_string(e->size) + " bytes) that " + in.destructor_text(e->destructor) +
              " had freed" +
              (of_main ? " before it returned"
               : owned ? ": it belonged to the static"
                       : "");
  f.advice = of_main ? advice_for_locals : in.advice_for(e.thread());
  in.add(std::move(f), e.index);
}

void add_freed_twice(interpreter& in, const told<check::freed_twice>& e) {
  if (in.is_caused(e.pid(), e.thread())) return;
  // An object that was being changed by another thread when its destructor ran frees the same twice.
  for (const auto& used : in.record.all_of<check::static_used>(e.pid()))
    if (used->destructor == e->destructor || used->destructor == e.during()) return;
  in.set_caused(e.pid(), e.thread());
  finding f;
  f.kind = was_mains(in, e->destructor) ? "local-of-main-used" : "freed-at-exit-used";
  f.threads.push_back(in.involve(e.index, e.thread(), "freed it again", true));
  f.message = in.thread_text(e.thread()) + " freed, at " + place_text(first_own(f.threads[0].stack)) +
              ", memory that " + in.destructor_text(e->destructor) + " had freed";
  f.advice =
      in.is_exiting(e.pid(), e.thread()) ? "two owners of the same memory: give it one" : in.advice_for(e.thread());
  in.add(std::move(f), e.index);
}

/// Is the thread there when the last handler has run?
bool is_there_at_the_end(const interpreter& in, int pid, int thread) {
  const auto ends = in.record.all_of<check::exit_ended>(pid);
  if (ends.empty()) return false;
  const auto running = in.record.all_of<check::running_at_end>(pid, thread);
  return std::any_of(running.begin(), running.end(),
                     [&](const auto& r) { return r.index < ends.back().index && r.head->stack_count != 0; });
}

void add_variable_changed(interpreter& in, const told<check::variable_changed>& e) {
  if (in.is_caused(e.pid(), e.thread())) return;
  // Words of system libraries change for many reasons; what has no name may be the loader's.
  const auto used = in.object_of(e.index, e->address, 0);
  if (used.name.empty() || used.of_system) return;
  // A thread that ends by itself has been asked to by that change, as likely as not.
  if (in.record.thread(e.thread()) == nullptr || !is_there_at_the_end(in, e.pid(), e.thread()) ||
      in.has_state(e.thread(), thread_record::joined | thread_record::ended))
    return;
  const bool freed = e->freed != 0;
  if (freed) in.set_caused(e.pid(), e.thread());
  finding f;
  f.error = freed;
  f.kind = "static-used-after-destruction";
  if (const auto destructor = in.record.event<check::destructor_ran>(e->destructor))
    f.object = in.object_of(e->destructor, destructor->object, destructor->size);
  f.threads.push_back(in.involve(e.index, e.thread(), "used it", true));
  f.message = in.thread_text(e.thread()) + " used " + interpreter::name_of_object(used) + " at " +
              place_text(first_own(f.threads[0].stack)) + " after " + in.destructor_text(e->destructor) +
              (freed ? " had freed what it pointed to"
                     : " had changed it (a fault where it stands for the destroyed object, none where it is a flag "
                       "that tells of the end)");
  f.advice = in.advice_for(e.thread());
  in.add(std::move(f), e.index);
}

}  // namespace

void find_uses(interpreter& in) {
  for (const auto& e : in.record.all<check::static_used>()) add_static_used(in, e);
  for (const auto& e : in.record.all<check::freed_used>()) add_freed_used(in, e);
  for (const auto& e : in.record.all<check::freed_twice>()) add_freed_twice(in, e);
  for (const auto& e : in.record.all<check::variable_changed>()) add_variable_changed(in, e);
}

void find_unattributed_writes(interpreter& in) {
  for (const auto& e : in.record.all<check::freed_written>()) {
    if (in.has_error()) return;  // who did so is known
    finding f;
    const bool owned = is_owner(in, e->destructor);
    f.kind = kind_of_freed(in, e->destructor);
    if (owned) f.object = in.object_destroyed_by(e->destructor);
    const bool of_main = was_mains(in, e->destructor);
    f.message = "memory (a block of " + std::to_string(e->size) + " bytes) was written to after " +
                in.destructor_text(e->destructor) + " had freed it" +
                (of_main ? " before it returned"
                 : owned ? ": it belonged to the static"
                         : "");
    if (e->given_to >= 0) {
      f.message += "; " + in.thread_text(e->given_to) + " was started with a pointer to it";
      f.threads.push_back(in.involve(e.index, e->given_to, "was given it", false));
    } else {
      f.message += "; by whom was not seen";
    }
    f.advice = of_main ? advice_for_locals : "end the threads that use it before main returns";
    in.add(std::move(f), e.index);
  }
}

}  // namespace curfew::tool
