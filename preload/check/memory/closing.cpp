// SPDX-License-Identifier: Apache-2.0
#include "check/memory/closing.hpp"

#include "check/memory/pages.hpp"
#include "check/memory/waits.hpp"

namespace curfew::check {
namespace {

void close_in(std::uint64_t begin, std::uint64_t size, bool dead_ranges_only) noexcept {
  if (is_over()) return;
  const std::uint64_t first = page_of(begin), end = page_of(begin + size + page_size - 1);
  mark_closed(first, end, dead_ranges_only);
  before_closing(first, end);
  close_marked(first, end);
  after_closing(first, end);
}

}  // namespace

void close_dead_ranges(std::uint64_t begin, std::uint64_t size) noexcept { close_in(begin, size, true); }

void close_pages(std::uint64_t begin, std::uint64_t size) noexcept { close_in(begin, size, false); }

}  // namespace curfew::check
