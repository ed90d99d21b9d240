// SPDX-License-Identifier: Apache-2.0
// curfew/testing/threads_left.hpp.
#include "exit/dump.hpp"
#include "exit/probe_thread.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/freeze.hpp"
#include "os/symbols.hpp"
#include "os/tasks.hpp"
#include "registry/registry.hpp"
#include "report/thread_text.hpp"

#include <curfew/testing/threads_left.hpp>

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace curfew::inline v1 {
namespace detail {
namespace {

using std::chrono::milliseconds;

std::vector<pid_t> tasks() {
  std::vector<pid_t> ids(256);
  for (;;) {
    const int count = os::list_tasks(ids);
    if (count < 0) return {};
    if (static_cast<std::size_t>(count) <= ids.size()) {
      ids.resize(static_cast<std::size_t>(count));
      std::ranges::sort(ids);
      return ids;
    }
    ids.resize(static_cast<std::size_t>(count) + 64);
  }
}

/// `*` stands for any text. The pattern's last star is tried for ever longer texts.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, after = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

struct left_thread {
  thread_info about;
  std::vector<std::string> stack;

  [[nodiscard]] std::string place() const {
    return about.created_at.file != nullptr ? about.created_at.file + (":" + std::to_string(about.created_at.line))
                                            : std::string();
  }
  [[nodiscard]] bool is_ignored(const std::vector<std::string>& patterns) const {
    return std::ranges::any_of(patterns, [this](const std::string& one) {
      // A place is written as it is remembered: without the folders.
      const std::string where = place();
      return matches(one, about.name) || (!where.empty() && (matches(one, where) || matches("*/" + one, where))) ||
             std::ranges::any_of(stack, [&](const std::string& frame) { return matches(one, frame); });
    });
  }
};

/// The functions that it is in, innermost first, without how far it is into each.
std::vector<std::string> functions_of(pid_t id) {
  static void* frames[os::most_frames_asked_for];  // an answer may come late
  std::vector<std::string> all;
  const int count =
      os::call_stack_of(id, frames, static_cast<int>(std::size(frames)), os::now_steady() + milliseconds(200));
  for (const void* const frame : std::span(frames, static_cast<std::size_t>(count))) {
    os::symbol_text text;
    os::append_code(text, frame);
    const std::string_view words = text.view();
    all.emplace_back(words.substr(0, words.rfind("+0x")));
  }
  // A thread that was asked before sleeps on in the signal's handler, which has begun its call again: that, and the
  // kernel's frame behind it, are no business of the program's.
  const auto handler = std::ranges::find_if(
      all, [](const std::string& one) { return one.find("os::begin_call_again") != std::string::npos; });
  if (handler != all.end()) all.erase(all.begin(), std::next(handler, std::next(handler) != all.end() ? 2 : 1));
  return all;
}

thread_info foreign_info(pid_t id) {
  thread_info info;
  char name[16];
  info.name = os::name_of_task(id, name);
  info.kind = thread_kind::foreign;
  info.native_id = id;
  return info;
}

/// Those that were not there before, and are not idle for a good reason.
std::vector<thread_info> new_threads(std::span<const pid_t> ids, std::span<const std::uint64_t> numbers, bool foreign) {
  std::vector<thread_info> all;
  std::vector<pid_t> known;
  for (const auto& r : records_where(listed::live, [](const record& x) { return x.kind != thread_kind::foreign; })) {
    known.push_back(r->cell.tid.load());
    const bool is_idle_worker = r->is_worker.load() && r->waits.load() != 0;
    if (r->kind == thread_kind::main || is_idle_worker || std::ranges::binary_search(numbers, r->number)) continue;
    all.push_back(describe(*r));
  }
  if (!foreign) return all;
  for (const pid_t id : tasks())
    if (id != ::getpid() && !is_helper(id) && !os::is_kernel_worker(id) &&
        std::ranges::find(known, id) == known.end() && !std::ranges::binary_search(ids, id)) {
      // One of curfew's that is over is still listed for a moment.
      os::task_status status;
      if (os::read_task(id, status) && status.state != 'Z' && status.state != 'X') all.push_back(foreign_info(id));
    }
  return all;
}

std::string words(const std::vector<left_thread>& all) {
  std::string text;
  for (const left_thread& one : all) {
    report_text line;
    append_thread(line, one.about);
    std::string said(line.view());
    // Whether it is detached nobody knows here.
    if (one.about.kind == thread_kind::foreign)
      if (const auto at = said.find(", detached"); at != std::string::npos)
        said.replace(at, 10, ", not started by curfew");
    text += (text.empty() ? "" : "\n") + said;
    for (const std::string& function : one.stack) text += "\n  " + function;
  }
  return text;
}

}  // namespace
}  // namespace detail

namespace testing {

thread_set::thread_set() : ids_(detail::tasks()) {
  detail::prepare_dumps();
  for (const auto& r : detail::records_where(detail::listed::live, [](const detail::record&) { return true; }))
    numbers_.push_back(r->number);
  std::ranges::sort(numbers_);
}

std::string thread_set::left_behind(const leak_options& options) const {
  using namespace detail;
  const auto until = os::later(os::now_steady(), options.linger);
  auto pause = std::chrono::microseconds(50);
  for (;;) {
    // Names and stacks take longer than to see that nobody is there.
    const auto infos = new_threads(ids_, numbers_, options.foreign);
    if (infos.empty()) return {};
    const bool last = os::now_steady() >= until;
    std::vector<left_thread> left;
    if (last || !options.ignore.empty())
      for (const thread_info& info : infos) {
        left_thread one{info, functions_of(info.native_id)};
        if (!one.is_ignored(options.ignore)) left.push_back(std::move(one));
      }
    if (last || (left.empty() && !options.ignore.empty())) return words(left);
    os::pause_for(std::min<std::chrono::nanoseconds>(pause, until - os::now_steady()));
    pause = std::min<std::chrono::microseconds>(pause * 2, milliseconds(20));
  }
}

}  // namespace testing
}  // namespace curfew::inline v1
