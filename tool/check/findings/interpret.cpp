// SPDX-License-Identifier: Apache-2.0
#include "check/findings/interpret.hpp"

#include "check/findings/interpreter.hpp"

#include <algorithm>
#include <cstring>

namespace curfew::tool {

using check::event_kind;
using check::thread_record;

bool interpreter::is_exiting(int pid, int thread) const {
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i)
    if (const auto& e = record_.event(i); e.kind.load() == event_kind::exit_began && e.pid == pid)
      return e.thread == thread;
  return false;
}

bool interpreter::exit_began_before(int pid, int index) const {
  for (int i = 0; i < index; ++i)
    if (const auto& e = record_.event(i); e.kind.load() == event_kind::exit_began && e.pid == pid) return true;
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
  const auto& e = record_.event(index);
  if (e.kind.load() == event_kind::destructor && (e.role & check::destructor_of_thread) != 0) {
    const auto* const thread = record_.thread(e.thread);
    static_object object = record_.symbols_at(index).thread_object_at(address, thread != nullptr ? thread->handle : 0);
    const auto by = record_.symbols_at(index).at(e.a).back();
    if (object.name.empty()) object.name = "thread_local destroyed by " + by.function;
    return object;
  }
  static_object object = record_.symbols_at(index).object_at(address);
  if (object.size == 0) object.size = size;
  return object;
}

std::string interpreter::name_of_object(const static_object& object) const {
  if (!object.name.empty())
    return quoted(object.name) +
           (object.line != 0 ? " (" + base_name(object.file) + ":" + std::to_string(object.line) + ")" : "");
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
  // Equal ones are folded: the same fault on the same thing by threads of the same name (without the number that a
  // pool gives each), from the same place, at the same place.
  const auto key = [](const finding& f) {
    std::string text =
        f.kind + (f.error ? "|" : "?") + f.object.module + std::to_string(f.object.offset) + f.object.name;
    for (const auto& t : f.threads)
      text += "|" + place_text(t.created_at) + t.created_at.function + t.role + t.kind + name_without_number(t.name) +
              place_text(first_own(t.stack));
    return text;
  };
  for (auto& known : to_.findings)
    if (key(known) == key(what)) {
      known.count += what.count;
      return;
    }
  to_.findings.push_back(std::move(what));
}

/// For the last line: a run in which nothing was checked is no clean bill of health.
void interpreter::count_what_was_seen() {
  const auto pid = record_.file().first_pid;
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i) {
    const auto& e = record_.event(i);
    if (e.pid != pid) continue;
    switch (e.kind.load()) {
      case event_kind::exit_began:
        to_.exit_seen = true;
        break;
      case event_kind::destructor:
        to_.destructors += (e.role & check::destructor_of_thread) == 0 && e.c != 0 ? 1U : 0U;
        break;
      case event_kind::became:
        to_.became = record_.text(e.a, e.b);
        break;
      case event_kind::stayed:
        to_.became.clear();
        break;
      default:
        break;
    }
  }
  for (int i = 0; i < static_cast<int>(std::min(record_.file().thread_count.load(), check::max_threads)); ++i)
    if (const auto& t = *record_.thread(i); t.pid == pid && t.number != 0) ++to_.threads;
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
  each(event_kind::running_at_exit, [&](int i) { ended_meanwhile(i); });
  count_what_was_seen();
  std::stable_sort(to_.findings.begin(), to_.findings.end(),
                   [](const finding& a, const finding& b) { return a.error && !b.error; });
}

check_result interpret(record_view& record, const std::string& program, program_end end) {
  check_result result;
  result.status = end.status;
  result.signal = end.signal;
  result.loaded = record.file().loaded.load() != 0;
  result.complete = record.file().event_count.load() <= check::max_events;
  result.story.program = program;
  interpreter one(record, result);
  one.run(end.status);
  one.tell_story();
  return result;
}

}  // namespace curfew::tool
