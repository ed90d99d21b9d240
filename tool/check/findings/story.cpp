// SPDX-License-Identifier: Apache-2.0
// The exit of the first process as it went: for the timeline.
#include "check/findings/interpreter.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace curfew::tool {

using check::event_kind;

namespace {

constexpr std::size_t most_steps = 200;  // naming one takes time, and nobody reads thousands

}

void interpreter::tell_story() {
  auto& story = to_.story;
  const auto pid = record_.file().first_pid;
  const int count = static_cast<int>(record_.event_count());
  std::uint64_t begin = 0, end = 0;
  for (int i = 0; i < count; ++i) {
    const auto& e = record_.event(i);
    if (e.pid != pid) continue;
    if (e.kind.load() == event_kind::exit_began && begin == 0) begin = e.at_ns;
    end = std::max({end, e.at_ns, e.kind.load() == event_kind::destructor ? e.d : 0});
    story.ended |= e.kind.load() == event_kind::ended;
  }
  if (begin == 0) return;
  const auto ms = [&](std::uint64_t at) { return at < begin ? 0.0 : static_cast<double>(at - begin) / 1e6; };
  story.length_ms = ms(end);
  std::map<int, std::size_t> lanes;
  const auto lane = [&](int thread) -> exit_lane& {
    const auto [at, made] = lanes.try_emplace(thread, story.lanes.size());
    if (made) {
      exit_lane one;
      const auto* const t = record_.thread(thread);
      one.name = thread_text(thread);
      if (t != nullptr && t->ended_ns != 0) one.end_ms = ms(t->ended_ns);
      if (t != nullptr) one.begin_ms = ms(t->started_ns);
      story.lanes.push_back(std::move(one));
    }
    return story.lanes[at->second];
  };
  for (int i = 0; i < count; ++i) {
    const auto& e = record_.event(i);
    if (e.pid != pid) continue;
    const auto mark = [&](const std::string& what, bool error) {
      if (e.thread >= 0) lane(e.thread).marks.push_back({what, ms(e.at_ns), error});
    };
    switch (e.kind.load()) {
      case event_kind::exit_began:
        mark(e.b == 1 ? "main returned" : "exit called", false);
        break;
      case event_kind::running_at_exit: {
        std::string where = "running";
        if (e.stack_count != 0) {
          const auto at = record_.symbols_at(i).at(e.stack[0]).front();
          where = "in " + (at.function.empty() ? place_text(at) : at.function);
        }
        lane(e.thread).when_main_ended = where;
        break;
      }
      case event_kind::destructor: {
        if (story.steps.size() >= most_steps) break;
        exit_step step;
        step.what = destructor_text(i);
        step.begin_ms = ms(e.at_ns);
        step.end_ms = e.d != 0 ? ms(e.d) : story.length_ms;
        step.where = place_text(record_.symbols_at(i).at(e.a).front());
        story.steps.push_back(std::move(step));
        break;
      }
      case event_kind::access:
        mark("used " + name_of_object(object_of(i, e.b, e.c)), true);
        break;
      case event_kind::freed_access:
      case event_kind::freed_twice:
        mark("used memory freed by " + destructor_text(e.other), true);
        break;
      case event_kind::crash:
        mark("crashed", true);
        break;
      case event_kind::terminate:
        mark("std::terminate", true);
        break;
      case event_kind::blocked:
        mark("blocked", true);
        break;
      case event_kind::exit_again:
        mark(e.b == 1 ? "main returned" : "exit called again", true);
        break;
      case event_kind::static_built:
        mark("built " + name_of_object(object_of(i, e.b, e.c)), true);
        break;
      default:
        break;
    }
  }
}

}  // namespace curfew::tool
