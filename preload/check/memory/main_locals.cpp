// SPDX-License-Identifier: Apache-2.0
#include "check/memory/main_locals.hpp"

#include "check/facts/main_frame.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/memory/closing.hpp"
#include "check/memory/pages.hpp"

#include <signal.h>

#include <algorithm>
#include <atomic>

namespace curfew::check {
namespace {

/// Between main's pages and the stack that goes on: what code keeps below its stack pointer.
constexpr std::uint64_t gap = 256;

/// One more is closed below its frame, and one above: a collector, which reads it on its way through the whole stack,
/// is known by that. Above there is room that main's caller has left.
constexpr std::uint64_t pages_around = 1;

constinit main_frame left{};
/// Of what lies below it: the functions that it had called, as far down as one of them has started a thread.
constinit std::uint64_t lowest = 0;
constinit std::atomic<bool> closed{false};

/// A handler's stack may be one of main's variables, and the kernel writes to it as long as it is not given back.
bool holds_signal_stack(std::uint64_t begin, std::uint64_t end) noexcept {
  stack_t alternate{};
  if (kernel_call(SYS_sigaltstack, nullptr, &alternate) != 0 || (alternate.ss_flags & SS_DISABLE) != 0) return false;
  const auto at = reinterpret_cast<std::uint64_t>(alternate.ss_sp);
  return at < end && at + alternate.ss_size > begin;
}

/// A thread's stack may be one of main's variables: the C library keeps its record of the thread at the end of that.
bool holds_thread_stack(std::uint64_t begin, std::uint64_t end) noexcept {
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  return std::any_of(record->threads, record->threads + count, [=](const thread_record& one) {
    return one.handle >= begin && one.handle < end && (one.state.load() & thread_record::ended) == 0;
  });
}

bool is_used_otherwise(std::uint64_t begin, std::uint64_t end) noexcept {
  return holds_signal_stack(begin, end) || holds_thread_stack(begin, end);
}

std::uint64_t first_page_of(std::uint64_t begin) noexcept { return page_of(begin) - pages_around * page_size; }
struct page_range {
  std::uint64_t begin, size;
};
page_range closed_pages() noexcept {
  const std::uint64_t begin = first_page_of(lowest);
  return {begin, page_of(left.end) + (1 + pages_around) * page_size - begin};
}

}  // namespace

std::uint64_t stack_below_main(std::uint64_t left_at) noexcept {
  const main_frame frame = frame_of_main();
  if (frame.end == 0 || frame.end - frame.begin > largest_frame_of_main) return 0;
  // Somebody may have left main on another stack, or have put this one elsewhere.
  if (left_at > frame.end + room_above_main || left_at + largest_frame_of_main < frame.begin) return 0;
  left = frame;
  lowest = lowest_frame_of_start(frame.begin);
  if (frame.end - lowest > largest_frame_of_main) lowest = frame.begin;
  return first_page_of(lowest) - gap;
}

int close_main_locals() noexcept {
  if (is_alone()) return -1;
  if (is_used_otherwise(first_page_of(lowest), left.end)) lowest = left.begin;
  if (left.end != 0 && is_used_otherwise(first_page_of(left.begin), left.end)) left = {};
  const int event = emit(main_left{.begin = left.begin, .end = left.end, .pc = left.pc}, current_thread());
  if (event < 0 || left.end == 0) return event;
  const auto [begin, size] = closed_pages();
  reserve_pages(begin, size);
  settle({left.begin, left.end - left.begin, event, 0, false});
  if (lowest < left.begin) settle({lowest, left.begin - lowest, event, 0, false});
  close_pages(begin, size);
  closed.store(true);
  return event;
}

opened_main_locals::opened_main_locals() noexcept : opened_(closed.load() && !is_over()) {
  if (!opened_) return;
  const auto [begin, size] = closed_pages();
  open_pages(begin, size);
}

opened_main_locals::~opened_main_locals() {
  if (!opened_) return;
  const auto [begin, size] = closed_pages();
  close_pages(begin, size);
}

}  // namespace curfew::check
