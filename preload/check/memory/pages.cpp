// SPDX-License-Identifier: Apache-2.0
#include "check/memory/pages.hpp"

#include "check/linux/c_library.hpp"
#include "check/linux/lock.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>

namespace curfew::check {
namespace {

constexpr std::uint32_t table_size = 1U << 18, max_dead_ranges = 1U << 21, max_fresh = 1U << 18;
/// So many accesses to neighbours, then the page stays open: a program that lives on one must go on.
constexpr std::uint32_t patience = 20000, exit_patience = 2000, all_exit_patience = 20000;
/// Of something huge the first pages are enough to find who uses it.
constexpr std::uint64_t largest = 1024 * page_size;

struct page_entry {
  std::uint64_t page = 0;
  std::uint32_t first = 0;  // of its dead_ranges, +1
  std::uint32_t dead = 0;   // bytes, of a heap page
  std::uint32_t visits = 0;
  std::uint32_t older = 0;  // entry that was made before, +1
  std::uint16_t open = 0;
  bool closed = false, given_up = false;
  bool tired = false;  ///< has had too many visits since something on it died last
};
struct node {
  dead_range who;
  std::uint32_t next;
};

constinit page_entry* table = nullptr;
/// The last entry that was made, +1: the table is large, and most of it is never used.
constinit std::uint32_t newest = 0;
constinit node* nodes = nullptr;
constinit std::uint64_t* fresh = nullptr;  // heap pages that have become dead altogether
constinit std::uint32_t exit_visits = 0;
constinit std::uint32_t node_count = 0, fresh_count = 0, entry_count = 0;
constinit std::atomic<bool> over{false};
constinit lock_word busy{0};

template <class T>
T* take(std::size_t count) noexcept {
  void* const at =
      ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? nullptr : static_cast<T*>(at);
}

page_entry* look_up(std::uint64_t page, bool make) noexcept {
  if (table == nullptr || page == 0) return nullptr;  // 0 stands for an entry that is free
  const std::uint64_t hash = (page >> 12) * 0x9e3779b97f4a7c15ULL >> 32;
  for (std::uint32_t i = 0; i < table_size; ++i) {
    const auto at = static_cast<std::uint32_t>((hash + i) % table_size);
    auto& entry = table[at];
    if (entry.page == page) return &entry;
    if (entry.page != 0) continue;
    if (!make || entry_count > table_size / 2) return nullptr;
    ++entry_count;
    entry.page = page;
    entry.older = newest;
    newest = at + 1;
    return &entry;
  }
  return nullptr;
}

bool protect(std::uint64_t begin, std::uint64_t size, int how) noexcept {
  return ::mprotect(reinterpret_cast<void*>(begin), size, how) == 0;
}

void settle_locked(const dead_range& who) noexcept {
  const std::uint64_t end = page_of(who.begin + std::clamp<std::uint64_t>(who.size, 1, largest) - 1);
  for (std::uint64_t page = page_of(who.begin); page <= end; page += page_size) {
    auto* const entry = look_up(page, true);
    if (entry == nullptr || node_count + 1 >= max_dead_ranges) return;
    nodes[++node_count] = {who, entry->first};
    entry->first = node_count;
    // Who came so often used a neighbour, and may be using this one now.
    if (!who.heap) {
      entry->tired = false;
      entry->visits = 0;
    }
  }
}

/// Before a block that is a mapping of its own the C library has two words, and says so in the second.
std::uint64_t header_of(std::uint64_t block) noexcept {
  const std::uint64_t header = block_header();
  if (header == 0) return 0;
  return (*reinterpret_cast<const std::size_t*>(block - header) & 2) != 0 ? 2 * header : header;
}

bool dead_range_locked(std::uint64_t address, dead_range& to) noexcept {
  const auto* const entry = look_up(page_of(address), false);
  if (entry == nullptr) return false;
  for (std::uint32_t i = entry->first; i != 0; i = nodes[i].next) {
    const dead_range& who = nodes[i].who;
    if (address < who.begin || address >= who.begin + who.size) continue;
    to = who;
    return true;
  }
  return false;
}

bool block_locked(std::uint64_t address, dead_range& to) noexcept {
  return dead_range_locked(address, to) && to.heap && to.begin == address;
}

}  // namespace

bool prepare_pages() noexcept {
  if (table != nullptr) return true;
  nodes = take<node>(max_dead_ranges);
  fresh = take<std::uint64_t>(max_fresh);
  if (nodes == nullptr || fresh == nullptr) return false;
  table = take<page_entry>(table_size);
  return table != nullptr;
}

void reserve_pages(std::uint64_t begin, std::uint64_t size) noexcept {
  const lock_guard lock(busy);
  for (std::uint64_t page = page_of(begin); page < begin + size; page += page_size) look_up(page, true);
}

void settle(const dead_range& who) noexcept {
  const lock_guard lock(busy);
  settle_locked(who);
}

bool settle_block(const dead_range& who, dead_range& known) noexcept {
  const lock_guard lock(busy);
  if (block_locked(who.begin, known)) return false;
  settle_locked(who);
  const std::uint64_t stop = who.begin + std::min(who.size, largest);
  for (std::uint64_t at = who.begin - header_of(who.begin); at < stop;) {
    const std::uint64_t page = page_of(at), end = std::min(page + page_size, stop);
    if (auto* const entry = look_up(page, true)) {
      entry->dead += static_cast<std::uint32_t>(end - at);
      if (entry->dead >= page_size && !entry->closed && !entry->given_up && !entry->tired && fresh_count < max_fresh)
        fresh[fresh_count++] = page;
    }
    at = end;
  }
  return true;
}

bool dead_range_at(std::uint64_t address, dead_range& to) noexcept {
  const lock_guard lock(busy);
  return dead_range_locked(address, to);
}

bool block_at(std::uint64_t address, dead_range& to) noexcept {
  const lock_guard lock(busy);
  return block_locked(address, to);
}

bool is_over() noexcept { return over.load(); }

void mark_closed(std::uint64_t begin, std::uint64_t end, bool dead_ranges_only) noexcept {
  const lock_guard lock(busy);
  for (std::uint64_t page = page_of(begin); page < end; page += page_size) {
    auto* const entry = look_up(page, false);
    if (entry != nullptr && !entry->given_up && !entry->tired && (entry->first != 0 || !dead_ranges_only))
      entry->closed = true;
  }
}

void close_marked(std::uint64_t begin, std::uint64_t end) noexcept {
  const lock_guard lock(busy);
  for (std::uint64_t page = page_of(begin); page < end; page += page_size)
    if (auto* const entry = look_up(page, false); entry != nullptr && entry->closed && entry->open == 0)
      protect(page, page_size, PROT_NONE);
}

void open_pages(std::uint64_t begin, std::uint64_t size) noexcept {
  const lock_guard lock(busy);
  for (std::uint64_t page = page_of(begin); page < begin + size; page += page_size) {
    auto* const entry = look_up(page, false);
    if (entry == nullptr || !entry->closed) continue;
    entry->closed = false;
    protect(page, page_size, PROT_READ | PROT_WRITE);
  }
}

void close_dead_pages() noexcept {
  if (over.load()) return;
  const lock_guard lock(busy);
  std::sort(fresh, fresh + fresh_count);
  // A system call for each run of pages.
  for (std::uint32_t i = 0; i < fresh_count;) {
    const std::uint64_t first = fresh[i];
    std::uint64_t end = first;
    for (; i < fresh_count && fresh[i] <= end; ++i) {
      if (auto* const entry = look_up(fresh[i], false)) entry->closed = true;
      end = fresh[i] + page_size;
    }
    protect(first, end - first, PROT_NONE);
  }
  fresh_count = 0;
}

void open_everything() noexcept {
  if (table == nullptr || over.exchange(true)) return;
  const lock_guard lock(busy);
  for (std::uint32_t at = newest; at != 0; at = table[at - 1].older)
    if (auto& entry = table[at - 1]; entry.closed) {
      entry.closed = false;
      protect(entry.page, page_size, PROT_READ | PROT_WRITE);
    }
}

passage enter_page(std::uint64_t address, bool exiting) noexcept {
  const lock_guard lock(busy);
  auto* const entry = look_up(page_of(address), false);
  if (entry == nullptr) return passage::foreign;
  // One that is open was opened since; if it comes again and again, something else is wrong with the page.
  if (!entry->closed) return entry->visits++ < 2 * patience ? passage::open : passage::foreign;
  if (exiting) ++exit_visits;
  if (++entry->visits > (exiting ? exit_patience : patience) || (exiting && exit_visits > all_exit_patience)) {
    entry->closed = false;
    entry->tired = true;
    protect(entry->page, page_size, PROT_READ | PROT_WRITE);
    return passage::open;
  }
  if (entry->open++ == 0 && !protect(entry->page, page_size, PROT_READ | PROT_WRITE)) {
    // Its library has been closed since.
    entry->open = 0;
    entry->closed = false;
    entry->given_up = true;
    return passage::foreign;
  }
  return passage::one_access;
}

void leave_page(std::uint64_t page) noexcept {
  const lock_guard lock(busy);
  auto* const entry = look_up(page, false);
  if (entry == nullptr || entry->open == 0) return;
  if (--entry->open == 0 && entry->closed) protect(page, page_size, PROT_NONE);
}

bool lift_page(std::uint64_t address) noexcept {
  const lock_guard lock(busy);
  auto* const entry = look_up(page_of(address), false);
  if (entry == nullptr) return false;
  if (entry->open++ == 0 && entry->closed) protect(entry->page, page_size, PROT_READ | PROT_WRITE);
  return true;
}

bool is_settled(std::uint64_t address) noexcept {
  const lock_guard lock(busy);
  const auto* const entry = look_up(page_of(address), false);
  return entry != nullptr && entry->closed && entry->first != 0;
}

bool is_closed(const void* address) noexcept {
  if (table == nullptr) return false;
  const lock_guard lock(busy);
  const auto* const entry = look_up(page_of(reinterpret_cast<std::uint64_t>(address)), false);
  return entry != nullptr && entry->closed;
}

}  // namespace curfew::check
