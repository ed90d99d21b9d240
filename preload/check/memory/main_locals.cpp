// SPDX-License-Identifier: Apache-2.0
#include "check/memory/main_locals.hpp"

#include "check/facts/main_frame.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/memory/closing.hpp"
#include "check/memory/pages.hpp"

#include <signal.h>

#include <atomic>

namespace curfew::check {
namespace {

/// The stack may end soon below a frame that is larger.
constexpr std::uint64_t largest_frame = std::uint64_t{1} << 20;
/// Between main's pages and the stack that goes on: what code keeps below its stack pointer.
constexpr std::uint64_t gap = 256;

/// One more is closed below its frame: a collector, which reads it on its way through the whole stack, is known by
/// that.
constexpr std::uint64_t pages_below = 1;

constinit main_frame left{};
constinit std::atomic<bool> closed{false};

/// A handler's stack may be one of main's variables, and the kernel writes to it as long as it is not given back.
bool holds_signal_stack(std::uint64_t begin, std::uint64_t end) noexcept {
  stack_t alternate{};
  if (kernel_call(SYS_sigaltstack, nullptr, &alternate) != 0 || (alternate.ss_flags & SS_DISABLE) != 0) return false;
  const auto at = reinterpret_cast<std::uint64_t>(alternate.ss_sp);
  return at < end && at + alternate.ss_size > begin;
}

std::uint64_t lowest_page(const main_frame& frame) noexcept { return page_of(frame.begin) - pages_below * page_size; }

}  // namespace

std::uint64_t stack_below_main() noexcept {
  const main_frame frame = frame_of_main();
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  if (frame.end == 0 || frame.end - frame.begin > largest_frame) return 0;
  // Somebody may have left main on another stack, or have put this one elsewhere.
  if (here > frame.end + page_size || here + largest_frame < frame.begin) return 0;
  left = frame;
  return lowest_page(frame) - gap;
}

int close_main_locals() noexcept {
  if (is_alone()) return -1;
  if (left.end != 0 && holds_signal_stack(lowest_page(left), left.end)) left = {};
  const int event = emit(main_left{.begin = left.begin, .end = left.end, .pc = left.pc}, current_thread());
  if (event < 0 || left.end == 0) return event;
  const std::uint64_t begin = lowest_page(left);
  reserve_pages(begin, left.end - begin);
  settle({left.begin, left.end - left.begin, event, 0, false});
  close_pages(begin, left.end - begin);
  closed.store(true);
  return event;
}

opened_main_locals::opened_main_locals() noexcept : opened_(closed.load() && !is_over()) {
  if (opened_) open_pages(lowest_page(left), left.end - lowest_page(left));
}

opened_main_locals::~opened_main_locals() {
  if (opened_) close_pages(lowest_page(left), left.end - lowest_page(left));
}

}  // namespace curfew::check
