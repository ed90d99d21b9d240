// SPDX-License-Identifier: Apache-2.0
// Findings about who died: crashes, std::terminate, joinable threads destroyed.
#include "check/findings/interpreter.hpp"

#include <signal.h>
#include <algorithm>
#include <regex>

namespace curfew::tool {

using check::event_kind;
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

}  // namespace

void interpreter::crashed(int index) {
  const auto& e = record_.event(index);
  if (is_caused(e.pid, e.thread) || (e.d != 0 && has_ended(e.pid))) return;
  caused_.insert({e.pid, e.thread});
  finding f;
  f.threads.push_back(involve(index, e.thread, "died", true));
  std::string what = "thread object";
  // An object that a running thread was started with is a thread, in whatever library.
  int destroyed = -1;
  if (e.during >= 0 && record_.event(e.during).c != 0)
    for (int i = 0; i < static_cast<int>(std::min(record_.file().thread_count.load(), check::max_threads)); ++i) {
      const auto& t = *record_.thread(i);
      const auto& object = record_.event(e.during);
      if (t.pid == e.pid && t.argument >= object.b && t.argument < object.b + object.c &&
          (t.state.load() & (thread_record::ended | thread_record::joined)) == 0)
        destroyed = i;
    }
  if (destroyed >= 0 && e.a == SIGABRT && is_exiting(e.pid, e.thread)) {
    f.kind = "joinable-thread-destroyed";
    f.object = object_of(e.during, record_.event(e.during).b, record_.event(e.during).c);
    f.message = destructor_text(e.during) + " destroyed it while " + thread_text(destroyed) +
                ", which was started with it, still runs, and that ended the process";
    f.threads.push_back(involve(index, destroyed, "runs", false));
    f.advice = "ask the thread to stop and wait for it before main returns";
    return add(std::move(f), e);
  }
  if (e.a == SIGABRT && is_exiting(e.pid, e.thread) && destroys_thread(f.threads[0].stack, what)) {
    f.kind = "joinable-thread-destroyed";
    f.message =
        destructor_text(e.during) + " destroyed a " + what + " whose thread still runs, which ended the process";
    f.advice = "ask the thread to stop and wait for it before main returns";
    return add(std::move(f), e);
  }
  f.kind = "crashed-during-exit";
  f.message = thread_text(e.thread) + " died by " + signal_text(e.a) + " in " +
              (f.threads[0].stack.empty() ? "unknown code" : quoted(first_own(f.threads[0].stack).function)) + " at " +
              place_text(first_own(f.threads[0].stack)) + " while " + destructor_text(e.during) + " ran";
  f.advice = is_exiting(e.pid, e.thread)
                 ? "what it uses was destroyed or freed by a handler that ran before: order them"
                 : advice_for(e.thread);
  add(std::move(f), e);
}

void interpreter::terminated(int index) {
  const auto& e = record_.event(index);
  if (is_caused(e.pid, e.thread)) return;
  if (!exit_began_before(e.pid, index)) return terminated_before_exit(index);
  caused_.insert({e.pid, e.thread});
  finding f;
  f.threads.push_back(involve(index, e.thread, e.a == 0 ? "destroyed it" : "called it", true));
  std::string what = "std::thread";
  if (e.a == 0 && (e.other >= 0 || destroys_thread(f.threads[0].stack, what))) {
    f.kind = "joinable-thread-destroyed";
    if (e.during >= 0) f.object = object_of(e.during, record_.event(e.during).b, record_.event(e.during).c);
    f.message = destructor_text(e.during) + " destroyed the handle of " + thread_text(e.other) +
                ", which is joinable: std::terminate";
    if (e.other >= 0) {
      const bool ended = (record_.thread(e.other)->state.load() & thread_record::ended) != 0;
      f.threads.push_back(involve(index, e.other, ended ? "has ended, and was not joined" : "runs", false));
    }
    f.advice =
        "join() it before main returns, or make it a std::jthread, or a curfew::thread, whose destructor never "
        "terminates";
  } else {
    f.kind = "crashed-during-exit";
    f.message = thread_text(e.thread) + " called std::terminate at " + place_text(first_own(f.threads[0].stack)) +
                " while " + destructor_text(e.during) + " ran";
    f.advice = "an exception that leaves a destructor or a thread ends the process: catch it there";
  }
  add(std::move(f), e);
}

/// Of a program that ends by std::terminate in main there is one fault that belongs to its end: a joinable handle.
void interpreter::terminated_before_exit(int index) {
  const auto& e = record_.event(index);
  finding f;
  f.threads.push_back(involve(index, e.thread, "destroyed it", true));
  std::string what;
  if (!destroys_thread(f.threads[0].stack, what)) return;  // an exception, or something else of the program's own
  caused_.insert({e.pid, e.thread});
  f.kind = "joinable-thread-destroyed";
  f.message = thread_text(e.thread) + " destroyed, at " + place_text(first_own(f.threads[0].stack)) + ", a " + what +
              " that is joinable: std::terminate ended the process before its exit began";
  if (e.other >= 0) f.threads.push_back(involve(index, e.other, "is joinable", false));
  f.advice =
      "join() it before its handle goes, or make it a std::jthread, or a curfew::thread, whose destructor never "
      "terminates";
  add(std::move(f), e);
}

/// A fault that the library could not write down: there was no stack left, say.
void interpreter::died_unseen(int status) {
  const auto pid = record_.file().first_pid;
  const int signal = status - 128;
  if ((signal != SIGSEGV && signal != SIGBUS && signal != SIGILL && signal != SIGFPE) || has_ended(pid)) return;
  for (const auto& f : to_.findings)
    if (f.error) return;  // that is why
  int began = -1, running = -1;
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i) {
    const auto& e = record_.event(i);
    if (e.pid != pid) continue;
    if (e.kind.load() == event_kind::exit_began) began = i;
    if (e.kind.load() == event_kind::destructor && e.d == 0) running = i;
  }
  if (began < 0) return;
  const auto& e = record_.event(began);
  finding f;
  f.kind = "crashed-during-exit";
  f.threads.push_back(involve(began, e.thread, "exits", false));
  f.message = "the process died by " + signal_text(static_cast<std::uint64_t>(signal)) + " while " +
              destructor_text(running) + " ran: on which thread was not seen";
  f.advice = "a stack that overflowed leaves no more than that: does it free a long list by recursion?";
  add(std::move(f), e);
}

}  // namespace curfew::tool
