// SPDX-License-Identifier: Apache-2.0
// What the command is told by a process under `curfew check`: raw facts in a shared file, addresses and no words. The
// command interprets them when the process is gone (or has stopped by a crash: what is written stays written).
//
// This is the contract between the two; the events are in events.hpp. Whoever changes what is here or there raises
// `record_version` and keeps a record of the new version in tests/command/record/.
#pragma once

#include "events.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace curfew::check {

/// Of the file: what it is, and how it is laid out.
inline constexpr std::uint64_t record_magic = 0x64726f6365526643;  // "CfRecord"
inline constexpr std::uint32_t record_version = 4;

/// Where the file is, and what the library is asked.
inline constexpr const char* record_variable = "CURFEW_CHECK_RECORD";
inline constexpr const char* options_variable = "CURFEW_CHECK_OPTIONS";

inline constexpr unsigned max_threads = 4096, max_events = 32768;
inline constexpr unsigned max_created = 20, max_stack = 44;
inline constexpr std::size_t max_text = std::size_t{8} << 20, max_payload = 64;

/// One thread of one process. `number` counts up from main's 0 in each process.
struct thread_record {
  std::atomic<std::uint32_t> state;  ///< see below
  std::uint32_t number;
  std::int32_t pid, tid;
  std::int32_t parent;  ///< index of who started it; -1: not known
  std::uint32_t created_count;
  std::uint64_t handle;  ///< its pthread_t
  std::uint64_t routine, argument;
  std::uint64_t started_ns, ended_ns;
  char name[16];
  std::uint64_t created[max_created];

  enum : std::uint32_t { used = 1, detached = 2, joined = 4, ended = 8, crashed = 16, seen_only = 32, frozen = 64 };
};

/// What every event says; `stack` is of `thread`, innermost frame first.
struct event_record {
  std::atomic<event_kind> kind;  ///< written last
  std::int32_t pid;
  std::int32_t thread;  ///< index into the threads; -1: none
  std::int32_t during;  ///< index of the event of the destructor that ran; -1: none
  std::uint32_t times;  ///< how often the same was seen again
  std::uint32_t stack_count;
  std::uint64_t at_ns;
  alignas(8) std::byte payload[max_payload];  ///< the struct of its kind
  std::uint64_t stack[max_stack];
};

struct record_file {
  std::uint64_t magic;
  std::uint32_t version;
  std::int32_t first_pid;
  std::atomic<std::uint32_t> loaded;  ///< processes that the library was loaded into
  std::atomic<std::uint32_t> thread_count, event_count;
  std::atomic<std::uint64_t> text_used;
  thread_record threads[max_threads];
  event_record events[max_events];
  char text[max_text];
};

template <class Event>
inline constexpr bool is_event = std::is_trivially_copyable_v<Event> && sizeof(Event) <= max_payload &&
                                 alignof(Event) <= 8 && std::is_same_v<decltype(Event::kind), const event_kind> &&
                                 (std::is_empty_v<Event> || std::has_unique_object_representations_v<Event>);

/// The event, where it is one of that kind; otherwise null.
template <class Event>
const Event* as(const event_record& in) noexcept {
  static_assert(is_event<Event>);
  return in.kind.load(std::memory_order_acquire) == Event::kind ? reinterpret_cast<const Event*>(in.payload) : nullptr;
}
template <class Event>
Event* as(event_record& in) noexcept {
  static_assert(is_event<Event>);
  return in.kind.load(std::memory_order_acquire) == Event::kind ? reinterpret_cast<Event*>(in.payload) : nullptr;
}

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::is_standard_layout_v<record_file>);
static_assert(sizeof(thread_record) == 240 && sizeof(event_record) == 448);

}  // namespace curfew::check
