// SPDX-License-Identifier: Apache-2.0
#include "check/memory/own_accesses.hpp"

#include "check/memory/arrays.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>

namespace curfew::check {
namespace {

/// Its address while its destructor runs, and which of its bytes that has accessed.
constinit std::atomic<std::uint64_t> measured{0}, limit{0};
constinit bool accessed[max_measured];
constinit bool written = false;

/// What lies far behind the others is another object's.
std::uint64_t reach(std::uint64_t begin) noexcept {
  constexpr std::uint64_t most_between = 128;
  std::uint64_t end = 1;
  for (std::uint64_t i = 0; i < max_measured && i <= end + most_between; ++i) {
    // How much was accessed is not known: as much as the address is aligned to.
    const std::uint64_t at = begin + i;
    if (accessed[i]) end = i + std::min<std::uint64_t>(at & ~(at - 1), 8);
  }
  return std::min<std::uint64_t>(end, limit.load());
}

}  // namespace

void measure_own_accesses(std::uint64_t begin, std::uint64_t size) noexcept {
  std::fill(std::begin(accessed), std::end(accessed), false);
  written = false;
  limit.store(size);
  measured.store(begin);
}

void note_own_access(std::uint64_t address, bool write) noexcept {
  note_array_access(address, write);
  const std::uint64_t begin = measured.load();
  if (begin == 0 || address < begin || address >= begin + std::min(limit.load(), max_measured)) return;
  accessed[address - begin] = true;
  written = written || write;
}

own_accesses end_own_accesses() noexcept { return {reach(measured.exchange(0)), written}; }

}  // namespace curfew::check
