// SPDX-License-Identifier: Apache-2.0
// The exit of the first process as it went: for the timeline.
#include "check/findings/interpreter.hpp"

#include <algorithm>
#include <map>

namespace curfew::tool {
namespace {

constexpr std::size_t most_steps = 200;  // naming one takes time, and nobody reads thousands

class story_teller {
 public:
  story_teller(interpreter& in, std::uint64_t begin, std::uint64_t end) : in_(in), to_(in.result.story), begin_(begin) {
    to_.length_ms = ms(end);
  }

  void tell(int index) {
    const auto& record = in_.record;
    if (const auto e = record.event<check::exit_began>(index))
      mark(index, e->how == check::exit_by::return_from_main ? "main returned" : "exit called", false);
    else if (const auto was = record.event<check::running_at_exit>(index))
      lane(was.thread()).when_main_ended = where_it_was(was);
    else if (const auto ran = record.event<check::destructor_ran>(index))
      add_step(ran);
    else if (const auto used = record.event<check::static_used>(index); used && used->scanned != 0)
      return;
    else if (const auto left = record.event<check::main_left>(used ? used->destructor : -1))
      mark(index, "used " + interpreter::name_of_object(in_.local_used(left, used)), true);
    else if (used)
      mark(index, "used " + interpreter::name_of_object(in_.object_of(index, used->object, used->size)), true);
    else if (const auto freed = record.event<check::freed_used>(index))
      mark(index, "used memory freed by " + in_.destructor_text(freed->destructor), true);
    else if (const auto twice = record.event<check::freed_twice>(index))
      mark(index, "used memory freed by " + in_.destructor_text(twice->destructor), true);
    else if (record.event<check::crashed>(index))
      mark(index, "crashed", true);
    else if (record.event<check::terminated>(index))
      mark(index, "std::terminate", true);
    else if (record.event<check::exit_blocked>(index))
      mark(index, "blocked", true);
    else if (const auto again = record.event<check::exit_again>(index))
      mark(index, again->how == check::exit_by::return_from_main ? "main returned" : "exit called again", true);
    else if (const auto built = record.event<check::static_built>(index))
      mark(index, "built " + interpreter::name_of_object(in_.object_of(index, built->object, built->size)), true);
  }

 private:
  [[nodiscard]] double ms(std::uint64_t at) const { return at < begin_ ? 0.0 : static_cast<double>(at - begin_) / 1e6; }

  exit_lane& lane(int thread) {
    const auto [at, made] = lanes_.try_emplace(thread, to_.lanes.size());
    if (made) {
      exit_lane one;
      const auto* const t = in_.record.thread(thread);
      one.name = in_.thread_text(thread);
      if (t != nullptr && t->ended_ns != 0) one.end_ms = ms(t->ended_ns);
      if (t != nullptr) one.begin_ms = ms(t->started_ns);
      to_.lanes.push_back(std::move(one));
    }
    return to_.lanes[at->second];
  }

  void mark(int index, const std::string& what, bool error) {
    const auto& e = in_.record.head(index);
    if (e.thread >= 0) lane(e.thread).marks.push_back({what, ms(e.at_ns), error});
  }

  std::string where_it_was(const told<check::running_at_exit>& e) {
    if (e.head->stack_count == 0) return "running";
    const auto at = in_.record.symbols_at(e.index).at(e.head->stack[0]).front();
    return "in " + (at.function.empty() ? place_text(at) : at.function);
  }

  void add_step(const told<check::destructor_ran>& e) {
    if (to_.steps.size() >= most_steps) return;
    exit_step step;
    step.what = in_.destructor_text(e.index);
    step.begin_ms = ms(e.head->at_ns);
    step.end_ms = e->ended_ns != 0 ? ms(e->ended_ns) : to_.length_ms;
    step.where = place_text(in_.record.symbols_at(e.index).at(e->function).front());
    step.of_library = is_of_library(e);
    to_.steps.push_back(std::move(step));
  }

  /// Of an object of the program's own the destructor is often the C++ library's (a vector's): what counts is where the
  /// object lies. A handler without an object lies where its code does.
  bool is_of_library(const told<check::destructor_ran>& e) {
    const auto object = in_.object_of(e.index, e->size != 0 ? e->object : e->function, e->size);
    if (object.of_system || object.name.starts_with("std::") || object.name.starts_with("__gnu_cxx::")) return true;
    // libstdc++'s where it is linked statically: its error categories.
    return object.name.starts_with("(anonymous namespace)::") && object.name.ends_with("_category_instance");
  }

  interpreter& in_;
  exit_story& to_;
  std::uint64_t begin_;
  std::map<int, std::size_t> lanes_;
};

}  // namespace

void tell_story(interpreter& in) {
  const int pid = in.record.first_pid();
  const auto began = in.record.all_of<check::exit_began>(pid);
  std::uint64_t end = 0;
  for (int i = 0; i < in.record.event_count(); ++i)
    if (in.record.head(i).pid == pid) end = std::max(end, in.record.head(i).at_ns);
  for (const auto& e : in.record.all_of<check::destructor_ran>(pid)) end = std::max(end, e->ended_ns);
  in.result.story.ended = in.has_ended(pid);
  if (began.empty()) return;
  story_teller teller(in, began.front().head->at_ns, end);
  for (int i = 0; i < in.record.event_count(); ++i)
    if (in.record.head(i).pid == pid) teller.tell(i);
}

}  // namespace curfew::tool
