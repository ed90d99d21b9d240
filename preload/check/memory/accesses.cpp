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

int emit_use(const dead_range& who, const dead_use& use, int thread, const call_stack& stack) noexcept {
  const auto tell = [&](auto what) {
    what.address = use.address;
    what.size = who.size;
    what.pc = use.pc;
    what.destructor = who.destructor;
    what.written = use.written ? 1 : 0;
    what.in_handler = use.in_handler ? 1 : 0;
    return emit(what, thread, stack);
  };
  return who.heap ? tell(freed_used{.block = who.begin}) : tell(static_used{.object = who.begin});
}

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
  known[place].event.store(emit_use(
      who, {.address = address, .pc = pc, .written = write, .in_handler = stack.interrupted != 0}, thread, stack));
}

}  // namespace curfew::check
