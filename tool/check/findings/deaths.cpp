// SPDX-License-Identifier: Apache-2.0
// Who died: crashes, std::terminate, joinable threads destroyed.
#include "check/findings/families.hpp"

#include <signal.h>

#include <regex>

namespace curfew::tool {

using check::thread_record;

namespace {

/// The destructor of a class that is a thread, in whatever library.
bool destroys_thread(const std::vector<frame>& stack, std::string& what) {
  static const std::regex pattern(R"(((?:\w+::)*\w*[Tt]hread\w*(?:<.*>)?)::~\w*[Tt]hread\w*\()");
  for (const auto& one : stack) {
    std::smatch match;
    if (!std::regex_search(one.function, match, pattern)) continue;
    what = match[1];
    return true;
  }
  return false;
}

/// An object that a running thread was started with is a thread, in whatever library: that thread, or -1.
int thread_of_object(const interpreter& in, int pid, int destructor) {
  const auto d = in.record.event<check::destructor_ran>(destructor);
  int found = -1;
  for (int i = 0; d && d->size != 0 && i < in.record.thread_count(); ++i) {
    const auto& t = *in.record.thread(i);
    if (t.pid == pid && t.argument >= d->object && t.argument < d->object + d->size &&
        !in.has_state(i, thread_record::ended | thread_record::joined))
      found = i;
  }
  return found;
}

void add_crash(interpreter& in, const told<check::crashed>& e) {
  if (in.is_caused(e.pid(), e.thread()) || (e->handled != 0 && in.has_ended(e.pid()))) return;
  in.set_caused(e.pid(), e.thread());
  finding f;
  f.threads.push_back(in.involve(e.index, e.thread(), "died", true));
  const bool aborted = e->signal == SIGABRT && in.is_exiting(e.pid(), e.thread());
  std::string what = "thread object";
  if (const int destroyed = thread_of_object(in, e.pid(), e.during()); destroyed >= 0 && aborted) {
    f.kind = "joinable-thread-destroyed";
    f.object = in.object_destroyed_by(e.during());
    f.message = in.destructor_text(e.during()) + " destroyed it while " + in.thread_text(destroyed) +
                ", which was started with it, still runs, and that ended the process";
    f.threads.push_back(in.involve(e.index, destroyed, "runs", false));
    f.advice = "ask the thread to stop and wait for it before main returns";
  } else if (aborted && destroys_thread(f.threads[0].stack, what)) {
    f.kind = "joinable-thread-destroyed";
    f.message =
        in.destructor_text(e.during()) + " destroyed a " + what + " whose thread still runs, which ended the process";
    f.advice = "ask the thread to stop and wait for it before main returns";
  } else {
    f.kind = "crashed-during-exit";
    f.message = in.thread_text(e.thread()) + " died by " + signal_text(static_cast<std::uint64_t>(e->signal)) + " in " +
                (f.threads[0].stack.empty() ? "unknown code" : code_and_place_text(first_own(f.threads[0].stack))) +
                " while " + in.destructor_text(e.during()) + " ran";
    f.advice = in.is_exiting(e.pid(), e.thread())
                   ? "what it uses was destroyed or freed by a handler that ran before: order them"
                   : in.advice_for(e.thread());
  }
  in.add(std::move(f), e.index);
}

/// Of a program that ends by std::terminate in main there is one fault that belongs to its end: a joinable handle.
void add_termination_before_exit(interpreter& in, const told<check::terminated>& e) {
  finding f;
  f.threads.push_back(in.involve(e.index, e.thread(), "destroyed it", true));
  std::string what;
  if (!destroys_thread(f.threads[0].stack, what)) return;  // an exception, or something else of the program's own
  in.set_caused(e.pid(), e.thread());
  f.kind = "joinable-thread-destroyed";
  f.message = in.thread_text(e.thread()) + " destroyed, at " + place_text(first_own(f.threads[0].stack)) + ", a " +
              what + " that is joinable: std::terminate ended the process before its exit began";
  if (e->joinable >= 0) f.threads.push_back(in.involve(e.index, e->joinable, "is joinable", false));
  f.advice =
      "join() it before its handle goes, or make it a std::jthread, or a curfew::thread, whose destructor never "
      "terminates";
  in.add(std::move(f), e.index);
}

void add_termination(interpreter& in, const told<check::terminated>& e) {
  if (in.is_caused(e.pid(), e.thread())) return;
  if (!in.exit_began_before(e.pid(), e.index)) return add_termination_before_exit(in, e);
  in.set_caused(e.pid(), e.thread());
  finding f;
  const bool by_exit = e->beside_exit == 0;
  f.threads.push_back(in.involve(e.index, e.thread(), by_exit ? "destroyed it" : "called it", true));
  std::string what = "std::thread";
  if (by_exit && (e->joinable >= 0 || destroys_thread(f.threads[0].stack, what))) {
    f.kind = "joinable-thread-destroyed";
    f.object = in.object_destroyed_by(e.during());
    f.message = in.destructor_text(e.during()) + " destroyed the handle of " + in.thread_text(e->joinable) +
                ", which is joinable: std::terminate";
    if (e->joinable >= 0) {
      const bool ended = in.has_state(e->joinable, thread_record::ended);
      f.threads.push_back(in.involve(e.index, e->joinable, ended ? "has ended, and was not joined" : "runs", false));
    }
    f.advice =
        "join() it before main returns, or make it a std::jthread, or a curfew::thread, whose destructor never "
        "terminates";
  } else {
    f.kind = "crashed-during-exit";
    f.message = in.thread_text(e.thread()) + " called std::terminate at " + place_text(first_own(f.threads[0].stack)) +
                " while " + in.destructor_text(e.during()) + " ran";
    f.advice = "an exception that leaves a destructor or a thread ends the process: catch it there";
  }
  in.add(std::move(f), e.index);
}

}  // namespace

void find_terminations(interpreter& in) {
  for (const auto& e : in.record.all<check::terminated>()) add_termination(in, e);
}

void find_crashes(interpreter& in) {
  for (const auto& e : in.record.all<check::crashed>()) add_crash(in, e);
}

/// A fault that the library could not write down: there was no stack left, say.
void find_unrecorded_deaths(interpreter& in) {
  const int pid = in.record.first_pid();
  const int signal = in.result.status - 128;
  if ((signal != SIGSEGV && signal != SIGBUS && signal != SIGILL && signal != SIGFPE) || in.has_ended(pid)) return;
  const auto began = in.record.all_of<check::exit_began>(pid);
  if (in.has_error() || began.empty()) return;  // what was found is why
  int running = -1;
  for (const auto& e : in.record.all_of<check::destructor_ran>(pid))
    if (e->ended_ns == 0) running = e.index;
  const auto& e = began.back();
  finding f;
  f.kind = "crashed-during-exit";
  f.threads.push_back(in.involve(e.index, e.thread(), "exits", false));
  f.message = "the process died by " + signal_text(static_cast<std::uint64_t>(signal)) + " while " +
              in.destructor_text(running) + " ran: on which thread was not seen";
  f.advice = "a stack that overflowed leaves no more than that: does it free a long list by recursion?";
  in.add(std::move(f), e.index);
}

}  // namespace curfew::tool
