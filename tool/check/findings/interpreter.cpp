// SPDX-License-Identifier: Apache-2.0
#include "check/findings/interpreter.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace curfew::tool {

using check::thread_record;

bool interpreter::is_exiting(int pid, int thread) const {
  const auto began = record.all_of<check::exit_began>(pid);
  return !began.empty() && began.front().thread() == thread;
}

bool interpreter::exit_began_before(int pid, int event) const {
  const auto began = record.all_of<check::exit_began>(pid);
  return !began.empty() && began.front().index < event;
}

bool interpreter::has_ended(int pid) const { return !record.all_of<check::exit_ended>(pid).empty(); }

bool interpreter::has_error() const {
  return std::any_of(result.findings.begin(), result.findings.end(), [](const finding& f) { return f.error; });
}

bool interpreter::has_state(int thread, std::uint32_t flags) const {
  const auto* const t = record.thread(thread);
  return t != nullptr && (t->state.load() & flags) != 0;
}

involved_thread interpreter::involve(int event, int thread, const std::string& role, bool with_stack) {
  involved_thread t;
  t.role = role;
  if (const auto* const known = record.thread(thread)) {
    t.number = known->number;
    t.pid = known->pid;
    t.name = std::string(known->name, ::strnlen(known->name, sizeof known->name));
    t.kind = known->number == 0                            ? "main"
             : has_state(thread, thread_record::seen_only) ? "not started by pthread_create"
             : has_state(thread, thread_record::detached)  ? "detached"
                                                           : "joinable";
    t.created_stack = record.frames(event, known->created, std::min(known->created_count, check::max_created));
    if (known->created_count != 0) t.created_at = first_own(t.created_stack);
  }
  if (with_stack) t.stack = record.stack_of(event);
  return t;
}

static_object interpreter::object_of(int event, std::uint64_t address, std::uint64_t size) {
  if (const auto e = record.event<check::destructor_ran>(event); e && e->of_thread != 0) {
    const auto* const thread = record.thread(e.thread());
    static_object object = record.symbols_at(event).thread_object_at(address, thread != nullptr ? thread->handle : 0);
    const auto by = record.symbols_at(event).at(e->function).back();
    if (object.name.empty())
      object.name = "thread_local destroyed by " + (by.function.empty() ? place_text(by) : by.function);
    return object;
  }
  static_object object = record.symbols_at(event).object_at(address);
  if (object.size == 0) object.size = size;
  return object;
}

static_object interpreter::local_used(const told<check::main_left>& left, const told<check::static_used>& used) {
  auto& known = record.symbols_at(left.index);
  if (used->address >= left->begin) return known.local_at(used->address, left->begin, left->end, left->pc);
  return known.local_at(used->address, used->object, used->object + used->size, used->code);
}

static_object interpreter::object_destroyed_by(int destructor) {
  const auto e = record.event<check::destructor_ran>(destructor);
  return e && e->size != 0 ? object_of(destructor, e->object, e->size) : static_object{};
}

std::string interpreter::name_of_object(const static_object& object) {
  if (!object.name.empty())
    return quoted(object.name) +
           (object.line != 0 ? " (" + base_name(object.file) + ":" + std::to_string(object.line) + ")" : "");
  if (object.module.empty()) return "an object on the heap";
  char text[64];
  std::snprintf(text, sizeof text, "+0x%llx", static_cast<unsigned long long>(object.offset));
  return "the static at " + object.module + text;
}

std::string interpreter::destructor_text(int destructor) {
  if (record.event<check::main_left>(destructor)) return "main";
  const auto e = record.event<check::destructor_ran>(destructor);
  if (!e) return "the exit";
  if (e->size != 0) return "the destructor of " + name_of_object(object_of(destructor, e->object, e->size));
  const auto at = record.symbols_at(destructor).at(e->function).back();
  return "the exit handler " + code_text(at);
}

std::string interpreter::thread_text(int thread) const {
  const auto* const t = record.thread(thread);
  if (t == nullptr) return "a thread";
  if (t->number == 0) return "the main thread";
  const std::string name(t->name, ::strnlen(t->name, sizeof t->name));
  return "thread #" + std::to_string(t->number) + (name.empty() ? "" : " \"" + name + "\"");
}

std::string interpreter::advice_for(int thread) const {
  const auto* const t = record.thread(thread);
  if (t == nullptr) return "end the thread before main returns";
  if (t->number == 0)
    return "let main come to its end instead of calling exit on another thread: curfew::request_exit() there, and "
           "return curfew::wait_for_exit() in main";
  if (has_state(thread, thread_record::detached))
    return "make it a daemon (curfew::thread({.daemon = true}, …), or run the program under `curfew run`), or keep its "
           "handle and join() it before main returns";
  return "ask it to stop and join() it before main returns (std::jthread does both), or never destroy what it uses: "
         "static auto& x = *new T";
}

void interpreter::add(finding what, int event) {
  const int pid = record.head(event).pid;
  what.in_child = pid != record.first_pid();
  if (what.in_child) what.message += " (in the forked child " + std::to_string(pid) + ")";
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
  const auto [known, is_new] = index_.try_emplace(key(what), result.findings.size());
  if (is_new)
    result.findings.push_back(std::move(what));
  else
    result.findings[known->second].count += what.count;
}

}  // namespace curfew::tool
