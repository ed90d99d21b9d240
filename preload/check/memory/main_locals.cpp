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

/// The stack may end soon below a frame that is larger.
constexpr std::uint64_t largest_frame = std::uint64_t{1} << 20;
/// Between main's pages and the stack that goes on: what code keeps below its stack pointer.
constexpr std::uint64_t gap = 256;

/// One more is closed below its frame, and one above: a collector, which reads it on its way through the whole stack,
/// is known by that. Above there is room that main's caller has left.
constexpr std::uint64_t pages_around = 1;

constinit main_frame left{};
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

struct page_range {
  std::uint64_t begin, size;
};
page_range pages_of(const main_frame& frame) noexcept {
  const std::uint64_t begin = page_of(frame.begin) - pages_around * page_size;
  return {begin, page_of(frame.end) + (1 + pages_around) * page_size - begin};
}

}  // namespace

std::uint64_t stack_below_main() noexcept {
  const main_frame frame = frame_of_main();
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  if (frame.end == 0 || frame.end - frame.begin > largest_frame) return 0;
  // Somebody may have left main on another stack, or have put this one elsewhere.
  if (here > frame.end + room_above_main || here + largest_frame < frame.begin) return 0;
  left = frame;
  return pages_of(frame).begin - gap;
}

int close_main_locals() noexcept {
  if (is_alone()) return -1;
  if (const auto begin = pages_of(left).begin;
      left.end != 0 && (holds_signal_stack(begin, left.end) || holds_thread_stack(begin, left.end)))
    left = {};
  const int event = emit(main_left{.begin = left.begin, .end = left.end, .pc = left.pc}, current_thread());
  if (event < 0 || left.end == 0) return event;
  const auto [begin, size] = pages_of(left);
  reserve_pages(begin, size);
  settle({left.begin, left.end - left.begin, event, 0, false});
  close_pages(begin, size);
  closed.store(true);
  return event;
}

opened_main_locals::opened_main_locals() noexcept : opened_(closed.load() && !is_over()) {
  if (!opened_) return;
  const auto [begin, size] = pages_of(left);
  open_pages(begin, size);
}

opened_main_locals::~opened_main_locals() {
  if (!opened_) return;
  const auto [begin, size] = pages_of(left);
  close_pages(begin, size);
}

}  // namespace curfew::check
