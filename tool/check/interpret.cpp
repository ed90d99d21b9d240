// SPDX-License-Identifier: Apache-2.0
#include "check/interpret.hpp"

#include "check/interpreter.hpp"

#include <signal.h>

#include <algorithm>
#include <cstring>
#include <regex>

namespace curfew::tool {

using check::event_kind;
using check::thread_record;

namespace {

std::string base(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string quoted(const std::string& text) { return "`" + text + "`"; }

std::string signal_text(std::uint64_t number) {
  const char* const name = ::sigabbrev_np(static_cast<int>(number));
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

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

bool is_library_frame(const frame& one) {
  for (const char* const name :
       {"libc.so", "libstdc++.so", "libc++.so", "ld-linux", "libgcc_s", "libpthread", "libm.so"})
    if (one.module.starts_with(name)) return true;
  // Part of the headers lies in a folder for the processor: /include/x86_64-linux-gnu/c++/.
  const auto headers = one.file.find("/include/");
  return (headers != std::string::npos && one.file.find("/c++/", headers) != std::string::npos) ||
         one.function == "_start" || one.function.starts_with("std::") || one.function.starts_with("void std::") ||
         one.module.empty();
}

frame first_own(const std::vector<frame>& stack) {
  for (const auto& one : stack)
    if (!is_library_frame(one)) return one;
  return stack.empty() ? frame{} : stack.front();
}

std::string place_text(const frame& at) {
  if (!at.file.empty()) return base(at.file) + ":" + std::to_string(at.line);
  char offset[32];
  std::snprintf(offset, sizeof offset, "+0x%llx", static_cast<unsigned long long>(at.offset));
  return at.module.empty() ? "an unknown place" : at.module + offset;
}

bool interpreter::is_exiting(int pid, int thread) const {
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i)
    if (const auto& e = record_.event(i); e.kind.load() == event_kind::exit_began && e.pid == pid)
      return e.thread == thread;
  return false;
}

bool interpreter::has_ended(int pid) const {
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i)
    if (const auto& e = record_.event(i); e.kind.load() == event_kind::ended && e.pid == pid) return true;
  return false;
}

involved_thread interpreter::involve(int index, int thread, const std::string& role, bool with_stack) {
  involved_thread t;
  t.role = role;
  const auto& e = record_.event(index);
  if (const auto* const known = record_.thread(thread)) {
    t.number = known->number;
    t.pid = known->pid;
    t.name = std::string(known->name, ::strnlen(known->name, sizeof known->name));
    const auto state = known->state.load();
    t.kind = known->number == 0                        ? "main"
             : (state & thread_record::seen_only) != 0 ? "not started by pthread_create"
             : (state & thread_record::detached) != 0  ? "detached"
                                                       : "joinable";
    t.created_stack = record_.frames(index, known->created, known->created_count);
    if (known->created_count != 0) t.created_at = first_own(t.created_stack);
  }
  if (with_stack) t.stack = record_.frames(index, e.stack, e.stack_count);
  return t;
}

static_object interpreter::object_of(int index, std::uint64_t address, std::uint64_t size) {
  static_object object = record_.symbols_at(index).object_at(address);
  if (object.size == 0) object.size = size;
  return object;
}

std::string interpreter::name_of_object(const static_object& object) const {
  if (!object.name.empty())
    return quoted(object.name) +
           (object.line != 0 ? " (" + base(object.file) + ":" + std::to_string(object.line) + ")" : "");
  if (object.module.empty()) return "an object on the heap";
  char text[64];
  std::snprintf(text, sizeof text, "+0x%llx", static_cast<unsigned long long>(object.offset));
  return "the static at " + object.module + text;
}

std::string interpreter::destructor_text(int index) {
  if (index < 0 || index >= static_cast<int>(record_.event_count())) return "the exit";
  const auto& e = record_.event(index);
  if (e.kind.load() != event_kind::destructor) return "the exit";
  if (e.c != 0) return "the destructor of " + name_of_object(object_of(index, e.b, e.c));
  const auto at = record_.symbols_at(index).at(e.a).back();
  return "the exit handler " + (at.function.empty() ? place_text(at) : quoted(at.function));
}

std::string interpreter::thread_text(int thread) const {
  const auto* const t = record_.thread(thread);
  if (t == nullptr) return "a thread";
  if (t->number == 0) return "the main thread";
  const std::string name(t->name, ::strnlen(t->name, sizeof t->name));
  return "thread #" + std::to_string(t->number) + (name.empty() ? "" : " \"" + name + "\"");
}

std::string interpreter::advice_for(int thread) const {
  const auto* const t = record_.thread(thread);
  if (t == nullptr) return "end the thread before main returns";
  if (t->number == 0)
    return "let main come to its end instead of calling exit on another thread: curfew::request_exit() there, and "
           "return curfew::wait_for_exit() in main";
  if ((t->state.load() & thread_record::detached) != 0)
    return "make it a daemon (curfew::thread({.daemon = true}, …), or run the program under `curfew run`), or keep its "
           "handle and join() it before main returns";
  return "ask it to stop and join() it before main returns (std::jthread does both), or never destroy what it uses: "
         "static auto& x = *new T";
}

void interpreter::add(finding what, const event& e) {
  what.in_child = e.pid != record_.file().first_pid;
  if (what.in_child) what.message += " (in the forked child " + std::to_string(e.pid) + ")";
  // Equal ones are folded: the same fault on the same thing by threads from the same place.
  const auto key = [](const finding& f) {
    std::string text =
        f.kind + (f.error ? "|" : "?") + f.object.module + std::to_string(f.object.offset) + f.object.name;
    for (const auto& t : f.threads) text += "|" + place_text(t.created_at) + t.created_at.function + t.role;
    return text;
  };
  for (auto& known : to_.findings)
    if (key(known) == key(what)) {
      known.count += what.count;
      return;
    }
  to_.findings.push_back(std::move(what));
}

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
  f.message = thread_text(e.thread) + " " + (e.role != 0 ? "wrote to " : "used ") + name_of_object(f.object) + " at " +
              place_text(where) + " after its destructor had run";
  if (harmless) f.message += " (which had changed nothing in it, so this goes well today)";
  if (itself) {
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
  f.object.module = base(record_.text(e.c, e.d));
  f.threads.push_back(involve(index, e.thread, "runs in it", true));
  f.message = thread_text(e.thread) + " runs code of " + f.object.module + ", which dlclose has unloaded";
  f.advice =
      "let the library end its threads before dlclose returns (join them in its destructor), or load it with "
      "RTLD_NODELETE";
  add(std::move(f), e);
}

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

void interpreter::run(int status) {
  const int count = static_cast<int>(record_.event_count());
  const auto each = [&](event_kind kind, auto what) {
    for (int i = 0; i < count; ++i)
      if (record_.event(i).kind.load() == kind) what(i);
  };
  // What explains other things comes first.
  each(event_kind::unloaded, [&](int i) { unloaded(i); });
  each(event_kind::access, [&](int i) { accessed(i); });
  each(event_kind::freed_access, [&](int i) { accessed_freed(i); });
  each(event_kind::freed_twice, [&](int i) { freed_twice(i); });
  each(event_kind::changed_under, [&](int i) { changed_under(i); });
  each(event_kind::join, [&](int i) { joined(i); });
  each(event_kind::condition_destroyed, [&](int i) { joined(i); });
  each(event_kind::terminate, [&](int i) { terminated(i); });
  each(event_kind::crash, [&](int i) { crashed(i); });
  each(event_kind::exit_in_handler, [&](int i) { exited_in_handler(i); });
  each(event_kind::blocked, [&](int i) { blocked(i); });
  each(event_kind::exit_again, [&](int i) { exited_again(i); });
  each(event_kind::static_built, [&](int i) { built(i); });
  each(event_kind::output_left, [&](int i) { left_output(i); });
  died_unseen(status);
  each(event_kind::write_to_freed, [&](int i) { written(i); });
  each(event_kind::lock_held, [&](int i) { held(i, false); });
  each(event_kind::stream_held, [&](int i) { held(i, true); });
  each(event_kind::running_at_end, [&](int i) { running(i); });
  std::stable_sort(to_.findings.begin(), to_.findings.end(),
                   [](const finding& a, const finding& b) { return a.error && !b.error; });
}

check_result interpret(record_view& record, const std::string& program, int status) {
  check_result result;
  result.status = status;
  result.loaded = record.file().loaded.load() != 0;
  result.complete = record.file().event_count.load() <= check::max_events;
  result.story.program = program;
  interpreter one(record, result);
  one.run(status);
  one.tell_story();
  return result;
}

}  // namespace curfew::tool
