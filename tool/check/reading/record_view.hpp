// SPDX-License-Identifier: Apache-2.0
// The record of a process that is gone, read.
#pragma once

#include "preload/check/record.hpp"
#include "symbols/symbols.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace curfew::tool {

/// An event of one kind as it was written down, or none: false, then.
template <class Event>
struct told {
  int index = -1;                             ///< among all events; of one that happened later it is larger
  const check::event_record* head = nullptr;  ///< what every event says
  const Event* what = nullptr;

  explicit operator bool() const { return what != nullptr; }
  const Event* operator->() const { return what; }
  [[nodiscard]] int pid() const { return head->pid; }
  [[nodiscard]] int thread() const { return head->thread; }
  [[nodiscard]] int during() const { return head->during; }
};

class record_view {
 public:
  /// Makes an empty record in a temporary file.
  record_view();
  /// Reads one that was kept; throws `failure` where it is no record, or one of another version.
  explicit record_view(const std::string& path);
  ~record_view();
  record_view(const record_view&) = delete;
  record_view& operator=(const record_view&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int first_pid() const { return file_->first_pid; }
  [[nodiscard]] bool was_loaded() const { return file_->loaded.load() != 0; }
  /// There was room for everything.
  [[nodiscard]] bool is_complete() const { return file_->event_count.load() <= check::max_events; }

  /// From here on the events are those that have been written now, and looking for a kind does not read all of them.
  void settle();
  [[nodiscard]] int event_count() const;
  [[nodiscard]] const check::event_record& head(int index) const { return file_->events[index]; }
  /// The event with that index, if it is of that kind.
  template <class Event>
  [[nodiscard]] told<Event> event(int index) const {
    if (index < 0 || index >= event_count()) return {};
    return {index, &file_->events[index], check::as<Event>(file_->events[index])};
  }
  /// All of one kind, in the order in which they happened.
  template <class Event>
  [[nodiscard]] std::vector<told<Event>> all() const {
    std::vector<told<Event>> found;
    const auto add = [&](int index) {
      if (auto one = event<Event>(index)) found.push_back(one);
    };
    if (settled_)
      for (const int index : settled_->of(Event::kind)) add(index);
    else
      for (int i = 0, count = event_count(); i < count; ++i) add(i);
    return found;
  }
  /// Likewise of one process, or of one of its threads.
  template <class Event>
  [[nodiscard]] std::vector<told<Event>> all_of(int pid) const {
    std::vector<told<Event>> found = all<Event>();
    std::erase_if(found, [&](const told<Event>& one) { return one.pid() != pid; });
    return found;
  }
  template <class Event>
  [[nodiscard]] std::vector<told<Event>> all_of(int pid, int thread) const {
    std::vector<told<Event>> found = all_of<Event>(pid);
    std::erase_if(found, [&](const told<Event>& one) { return one.thread() != thread; });
    return found;
  }

  [[nodiscard]] int thread_count() const;
  [[nodiscard]] const check::thread_record* thread(int index) const;
  [[nodiscard]] std::string text(check::text_place) const;

  /// The modules as they were at that event.
  symbols& symbols_at(int event);
  /// The event's stack, and any addresses, without this command's own frames.
  std::vector<frame> stack_of(int event);
  std::vector<frame> frames(int event, const std::uint64_t* addresses, unsigned count);

 private:
  struct events_by_kind {
    int count = 0;
    std::map<check::event_kind, std::vector<int>> indices;
    [[nodiscard]] const std::vector<int>& of(check::event_kind) const;
  };
  void map(int file);

  std::string path_;
  bool temporary_ = false;
  check::record_file* file_ = nullptr;
  std::optional<events_by_kind> settled_;
  std::map<int, std::unique_ptr<symbols>> symbols_;  // by the event of the map
};

}  // namespace curfew::tool
