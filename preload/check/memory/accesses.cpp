// SPDX-License-Identifier: Apache-2.0
#include "check/memory/accesses.hpp"

#include "check/facts/main_frame.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>

namespace curfew::check {
namespace {

struct seen {
  std::atomic<int> event_and_one{0};  // all zeros, which take no place in the library's file
  int thread = 0;
  std::uint64_t object = 0, pc = 0;

  [[nodiscard]] int event() const noexcept { return event_and_one.load() - 1; }
};
constexpr unsigned max_seen = 1024;
/// Of one thread's accesses of one object so many places are told.
constexpr unsigned max_places = 6;
constinit seen known[max_seen];
constinit std::atomic<unsigned> known_count{0};

/// Accesses of the calling thread by the same loop, from one word to the next.
struct access_run {
  std::uint64_t address = 0, pc = 0;
  bool upwards = true;
  unsigned length = 0, around = 0;  ///< how many there were, and how many of them where nothing dead lies
  int events[4] = {-1, -1, -1, -1};
  unsigned event_count = 0;
  unsigned before_event = 0;  ///< its length when it came to the first of them
};
constinit thread_local access_run in_order [[gnu::tls_model("initial-exec")]]{};
/// So many words around what is dead are not read by chance.
constexpr unsigned scan_length = 24, scan_around = 16;
/// And it goes on: what comes last, behind a loop over a table, may well be a use.
constexpr unsigned scan_behind = 12;
/// From one word to the next; words that were read while another thread had the page open are missing in between.
constexpr std::uint64_t largest_stride = 16, largest_gap = page_size;
/// How far apart two accesses of one loop lie in its code.
constexpr std::uint64_t largest_loop = 512;

std::uint64_t distance(std::uint64_t a, std::uint64_t b) noexcept { return a < b ? b - a : a - b; }

/// Where loops are that have been found to scan.
constexpr unsigned max_scanners = 16;
constinit std::atomic<std::uint64_t> scanners[max_scanners]{};
constinit std::atomic<unsigned> scanner_count{0};

bool is_scanner(std::uint64_t pc) noexcept {
  const unsigned count = std::min(scanner_count.load(), max_scanners);
  for (unsigned i = 0; i < count; ++i)
    if (distance(scanners[i].load(), pc) <= largest_loop) return true;
  return false;
}

void mark_scanned(int event) noexcept {
  if (auto* const used = as<static_used>(record->events[event])) used->scanned = 1;
}

/// A collector reads a part of the stack from its end, and the next from its beginning: what any of its loops has read.
void note_scanner(std::uint64_t pc) noexcept {
  if (is_scanner(pc)) return;
  const unsigned place = scanner_count.fetch_add(1);
  if (place < max_scanners) scanners[place].store(pc);
  const unsigned count = std::min(known_count.load(), max_seen);
  for (unsigned i = 0; i < count; ++i)
    if (const int event = known[i].event(); event >= 0 && distance(known[i].pc, pc) <= largest_loop)
      mark_scanned(event);
}

}  // namespace

void note_order_of_access(std::uint64_t address, std::uint64_t pc, bool write, int event) noexcept {
  auto& run = in_order;
  const std::uint64_t stride = distance(run.address, address);
  const bool upwards = address > run.address;
  const bool goes_on = !write && distance(run.pc, pc) <= largest_loop && stride <= largest_gap &&
                       (stride == 0 || run.length < 2 || upwards == run.upwards);
  if (!goes_on) run = {};
  run.address = address;
  run.pc = pc;
  run.upwards = upwards;
  if (write) return;
  if (event >= 0 && run.event_count < std::size(run.events) &&
      (run.event_count == 0 || run.events[run.event_count - 1] != event)) {
    if (run.event_count == 0) run.before_event = run.length;
    run.events[run.event_count++] = event;
  }
  if (run.length == 0 || (stride != 0 && stride <= largest_stride)) {
    ++run.length;
    if (event < 0) ++run.around;
  }
  if (run.length < scan_length || run.around < scan_around || run.event_count == 0 ||
      run.length - run.before_event < scan_behind)
    return;
  for (unsigned i = 0; i < run.event_count; ++i) mark_scanned(run.events[i]);
  run.event_count = 0;
  note_scanner(pc);
}

namespace {

/// What lies below main's frame is one range: the frame in it that the address was in, with some of its code.
dead_range frame_around(const dead_range& who, std::uint64_t address, int thread, std::uint64_t& code) noexcept {
  const auto* const left = written<main_left>(who.destructor);
  main_frame frame;
  if (who.heap || left == nullptr || address >= left->begin || !frame_of_start(address, thread, frame)) return who;
  code = frame.pc;
  dead_range narrowed = who;
  narrowed.begin = frame.begin;
  narrowed.size = frame.end - frame.begin;
  return narrowed;
}

}  // namespace

int emit_use(const dead_range& whole, const dead_use& use, int thread, const call_stack& stack) noexcept {
  std::uint64_t code = 0;
  const dead_range who = frame_around(whole, use.address, thread, code);
  const auto tell = [&](auto what) {
    what.address = use.address;
    what.size = who.size;
    what.pc = use.pc;
    what.destructor = who.destructor;
    what.written = use.written ? 1 : 0;
    what.in_handler = use.in_handler ? 1 : 0;
    return emit(what, thread, stack);
  };
  return who.heap ? tell(freed_used{.block = who.begin}) : tell(static_used{.object = who.begin, .code = code});
}

int note_access(const dead_range& who, std::uint64_t address, std::uint64_t pc, bool write,
                const void* context) noexcept {
  const int thread = current_thread();
  const unsigned count = std::min(known_count.load(), max_seen);
  unsigned places = 0;
  for (unsigned i = 0; i < count; ++i) {
    auto& one = known[i];
    const int event = one.event();
    if (event < 0 || one.thread != thread || one.object != who.begin) continue;
    if (one.pc != pc && ++places < max_places) continue;
    ++record->events[event].times;
    return event;
  }
  const unsigned place = known_count.fetch_add(1);
  if (place >= max_seen) return -1;
  call_stack stack;
  walk(stack, context);
  known[place].thread = thread;
  known[place].object = who.begin;
  known[place].pc = pc;
  const int event = emit_use(
      who, {.address = address, .pc = pc, .written = write, .in_handler = stack.interrupted != 0}, thread, stack);
  known[place].event_and_one.store(event + 1);
  if (event >= 0 && is_scanner(pc)) mark_scanned(event);
  return event;
}

}  // namespace curfew::check
