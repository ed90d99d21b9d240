// SPDX-License-Identifier: Apache-2.0
// Pages of destroyed statics and freed memory, made inaccessible. Whoever accesses one is caught by SIGSEGV; what else
// lies on the page (a neighbour) is let through for one instruction, then the page is closed again.
//
// Another thread may slip through while a page is open for one instruction of this one: it is caught the next time.
// Stopping all threads for each neighbour would change what the program does far more.
#pragma once

#include <cstddef>
#include <cstdint>

namespace curfew::check {

inline constexpr std::uint64_t page_size = 4096;
inline constexpr std::uint64_t page_of(std::uint64_t address) noexcept { return address & ~(page_size - 1); }

/// Something that is dead or dying, and lies on pages.
struct dead_range {
  std::uint64_t begin = 0, size = 0;
  int destructor = -1;      ///< event of the destructor that ended it
  std::uint32_t index = 0;  ///< its place among destructors or blocks
  bool heap = false;
};

/// Takes the memory that the table needs. Once, when the exit begins.
bool prepare_pages() noexcept;

/// Takes the pages into the table, so that they can be closed.
void reserve_pages(std::uint64_t begin, std::uint64_t size) noexcept;
/// Notes that it lies on its pages. Does not close them.
void settle(const dead_range&) noexcept;
/// The one at an address; false when there is none.
bool dead_range_at(std::uint64_t address, dead_range& to) noexcept;
/// The freed block that begins there.
bool block_at(std::uint64_t address, dead_range& to) noexcept;

/// Says of the pages from `begin` to `end` that they are closed, or of those on which something dead lies; they are not
/// yet. `closing.hpp` does both.
void mark_closed(std::uint64_t begin, std::uint64_t end, bool dead_ranges_only) noexcept;
/// Closes those that are marked.
void close_marked(std::uint64_t begin, std::uint64_t end) noexcept;
/// Opens the pages of [begin, begin + size) until they are closed again.
void open_pages(std::uint64_t begin, std::uint64_t size) noexcept;
/// `settle` for a freed block: counts, too, how much of each page is dead. False when one begins there already: that is
/// `known`.
bool settle_block(const dead_range&, dead_range& known) noexcept;
/// Closes the pages that hold nothing but freed blocks.
void close_dead_pages() noexcept;
/// All of them, for good: the process is about to end.
void open_everything() noexcept;
/// That has happened.
bool is_over() noexcept;

enum class passage {
  foreign,     ///< not a page of ours
  open,        ///< it is open by now: try again
  one_access,  ///< opened for the caller, who gives it back by `leave_page`
};
/// `exiting`: the caller is the thread that exits, which has less patience: all wait for it.
passage enter_page(std::uint64_t address, bool exiting) noexcept;
void leave_page(std::uint64_t page) noexcept;
/// Keeps the page open, whoever closes it, until `leave_page`. False when it cannot be closed anyway.
bool lift_page(std::uint64_t address) noexcept;
/// Does something dead lie on that page?
bool is_settled(std::uint64_t address) noexcept;
bool is_closed(const void* address) noexcept;

}  // namespace curfew::check
