// SPDX-License-Identifier: Apache-2.0
// Writing the record. Everything here is async-signal-safe once `open_record` has returned.
#pragma once

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

/// What an event is made of; the rest is filled in by `emit`.
struct facts {
  event_kind kind;
  std::uint64_t a = 0, b = 0, c = 0, d = 0;
  int thread = -1, other = -1;
  std::uint32_t role = 0;
  const std::uint64_t* stack = nullptr;
  unsigned stack_count = 0;
};
/// Its index, or -1 when the record is full.
int emit(const facts&) noexcept;

/// The destructor or handler that runs now, as the index of its event; -1: none.
extern constinit std::atomic<int> running_destructor;

/// Copies text into the record and says where it is.
std::uint64_t add_text(const char* text, std::size_t length) noexcept;
/// The process's memory map as it is now.
void record_maps() noexcept;

}  // namespace curfew::check
