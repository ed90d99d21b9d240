// SPDX-License-Identifier: Apache-2.0
#include "check/memory/accesses.hpp"

#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"

#include <algorithm>
#include <atomic>

namespace curfew::check {
namespace {

struct seen {
  std::atomic<int> event{-1};
  int thread = -1;
  std::uint64_t object = 0, pc = 0;
};
constexpr unsigned max_seen = 1024;
/// Of one thread's accesses of one object so many places are told.
constexpr unsigned max_places = 6;
constinit seen known[max_seen];
constinit std::atomic<unsigned> known_count{0};

}  // namespace

void note_access(const dead_range& who, std::uint64_t address, std::uint64_t pc, bool write,
                 const void* context) noexcept {
  const int thread = current_thread();
  const unsigned count = std::min(known_count.load(), max_seen);
  unsigned places = 0;
  for (unsigned i = 0; i < count; ++i) {
    auto& one = known[i];
    const int event = one.event.load();
    if (event < 0 || one.thread != thread || one.object != who.begin) continue;
    if (one.pc != pc && ++places < max_places) continue;
    ++record->events[event].times;
    return;
  }
  const unsigned place = known_count.fetch_add(1);
  if (place >= max_seen) return;
  call_stack stack;
  walk(stack, context);
  known[place].thread = thread;
  known[place].object = who.begin;
  known[place].pc = pc;
  known[place].event.store(
      emit({.kind = who.heap ? event_kind::freed_access : event_kind::access,
            .a = address,
            .b = who.begin,
            .c = who.size,
            .d = pc,
            .thread = thread,
            .other = who.destructor,
            .role = (write ? access_writes : 0U) | (stack.interrupted != 0 ? access_in_handler : 0U),
            .stack = stack.frames,
            .stack_count = stack.count}));
}

}  // namespace curfew::check
