// SPDX-License-Identifier: Apache-2.0
// Writing the record. Everything here is async-signal-safe once `open_record` has returned.
#pragma once

#include "check/facts/call_stack.hpp"
#include "check/record.hpp"

namespace curfew::check {

struct options {
  unsigned patience_ms = 10000;  ///< how long the exit may make no progress while other threads do something
  unsigned linger_ms = 300;      ///< how long other threads get at the end
  unsigned sleepers_ms = 1500;   ///< how long then those that sleep for a time may take to wake up
  bool children = false;         ///< programs that this one starts are checked too
};
extern constinit options settings;

/// Null: the process is not under check, and everything passes through.
extern constinit record_file* record;

/// Opens the file that the environment names.
void open_record() noexcept;

std::uint64_t now_ns() noexcept;

/// `emit` for any event.
int emit_payload(event_kind, const void* what, std::size_t size, int thread, const call_stack* stack) noexcept;

/// Writes an event down: its index, or -1 when the record is full. `thread`: whom it is about. `stack`: of that one.
template <class Event>
int emit(const Event& what, int thread = -1) noexcept {
  static_assert(is_event<Event>);
  return emit_payload(Event::kind, &what, sizeof what, thread, nullptr);
}
template <class Event>
int emit(const Event& what, int thread, const call_stack& stack) noexcept {
  static_assert(is_event<Event>);
  return emit_payload(Event::kind, &what, sizeof what, thread, &stack);
}

/// One that was written down, to be completed; null where it is none of that kind, or there is none.
template <class Event>
Event* written(int event) noexcept {
  return event < 0 || record == nullptr ? nullptr : as<Event>(record->events[event]);
}

/// The destructor or handler that runs now, as the index of its event; -1: none.
extern constinit std::atomic<int> running_destructor;

/// Copies text into the record and says where it is: an empty place when there is no room.
text_place add_text(const char* text, std::size_t length) noexcept;
/// The process's memory map as it is now.
void record_maps() noexcept;

}  // namespace curfew::check
