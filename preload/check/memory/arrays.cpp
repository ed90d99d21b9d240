// SPDX-License-Identifier: Apache-2.0
#include "check/memory/arrays.hpp"

#include "check/memory/closing.hpp"
#include "check/memory/pages.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>

namespace curfew::check {
namespace {

struct access {
  std::uint64_t address, value;
  bool write;
};
constexpr unsigned max_accesses = 512;
constinit access accesses[max_accesses]{};
constinit unsigned access_count = 0;
constinit std::atomic<std::uint64_t> data_begin{0}, data_end{0};

struct symbol {
  std::uint64_t begin, size, first, last;
  unsigned steps;  // accesses beyond all before
  bool written, owns;
  bool contains(std::uint64_t address) const noexcept { return address >= begin && address < begin + size; }
  /// Each element has been accessed, from one end to the other (or many, one after the other): no counter, lock or
  /// table that the elements' destructors use.
  bool is_passed_through() const noexcept { return last - first >= size / 2 || steps >= 16; }
};

}  // namespace

void watch_array_destructor(const memory_range& data) noexcept {
  reserve_pages(data.begin, data.end - data.begin);
  access_count = 0;
  data_begin.store(data.begin);
  data_end.store(data.end);
  close_pages(data.begin, data.end - data.begin);
}

void note_array_access(std::uint64_t address, bool write) noexcept {
  if (address < data_begin.load() || address >= data_end.load()) return;
  if (access_count == max_accesses) return stop_watching_array();
  std::uint64_t value = 0;
  if (address % sizeof value == 0) value = *reinterpret_cast<const volatile std::uint64_t*>(address);
  accesses[access_count++] = {address, value, write};
}

void stop_watching_array() noexcept {
  const std::uint64_t begin = data_begin.load(), end = data_end.exchange(0);
  if (end == 0) return;
  open_pages(begin, end - begin);
  close_dead_ranges(begin, end - begin);
}

destroyed_array find_destroyed_array(int event) noexcept {
  stop_watching_array();
  symbol found[16];
  unsigned count = 0;
  for (unsigned i = 0; i < access_count; ++i) {
    const auto& one = accesses[i];
    dead_range dead;
    auto* const end = found + count;
    auto* at = std::find_if(found, end, [&](const symbol& s) { return s.contains(one.address); });
    if (at == end) {
      symbol next{0, 0, one.address, one.address, 0, false, false};
      if (dead_range_at(one.address, dead) || !object_around(one.address, next.begin, next.size)) continue;
      if (count == std::size(found)) return {};
      *at = next;
      ++count;
    }
    at->steps += one.address < at->first || one.address > at->last ? 1U : 0U;
    at->first = std::min(at->first, one.address);
    at->last = std::max(at->last, one.address);
    at->written |= one.write;
    at->owns |= one.value != 0 && block_at(one.value, dead) && dead.destructor == event;
  }
  const auto fits = [](const symbol& s) { return s.is_passed_through(); };
  auto* const end = found + count;
  const auto* const at = std::find_if(found, end, fits);
  // Which of two it destroys cannot be told.
  if (at == end || std::find_if(at + 1, static_cast<const symbol*>(end), fits) != end) return {};
  return {at->begin, at->size, at->written, at->owns};
}

}  // namespace curfew::check
