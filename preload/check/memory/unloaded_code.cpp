// SPDX-License-Identifier: Apache-2.0
#include "check/memory/unloaded_code.hpp"

#include <atomic>
#include <iterator>

namespace curfew::check {
namespace {

struct unloaded_code {
  std::atomic<std::uint64_t> begin{0}, end{0};
  text_place path{};
};
constinit unloaded_code unloaded[16];
constinit std::atomic<unsigned> unloaded_count{0};

}  // namespace

bool is_noted_unloaded(std::uint64_t begin, std::uint64_t end) noexcept {
  for (const auto& one : unloaded)
    if (one.begin.load() == begin && one.end.load() == end) return true;
  return false;
}

void note_unloaded(const unloaded_library& what) noexcept {
  const unsigned i = unloaded_count.fetch_add(1) % std::size(unloaded);
  unloaded[i].path = what.path;
  unloaded[i].begin.store(what.begin);
  unloaded[i].end.store(what.end);
}

bool unloaded_at(std::uint64_t address, unsigned& from, unloaded_library& to) noexcept {
  const unsigned count = unloaded_count.load();
  for (unsigned i = from; i < count && i < std::size(unloaded); ++i) {
    const auto& one = unloaded[i];
    if (address < one.begin || address >= one.end) continue;
    from = i + 1;
    to = {one.begin, one.end, one.path};
    return true;
  }
  return false;
}

}  // namespace curfew::check
