// SPDX-License-Identifier: Apache-2.0
#include "dump/memory.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace curfew::tool::dump {

std::vector<mapping> read_mappings(std::string_view maps) {
  std::vector<mapping> all;
  for (std::size_t at = 0; at < maps.size();) {
    auto end = maps.find('\n', at);
    if (end == std::string_view::npos) end = maps.size();
    const std::string_view line = maps.substr(at, end - at);
    at = end + 1;
    // "7f0-7f1 rw-p offset device inode      path"
    mapping one;
    const char* const last = line.data() + line.size();
    auto number = std::from_chars(line.data(), last, one.begin, 16);
    if (number.ec != std::errc{} || number.ptr == last || *number.ptr != '-') continue;
    number = std::from_chars(number.ptr + 1, last, one.end, 16);
    if (number.ec != std::errc{} || last - number.ptr < 5) continue;
    one.writable = number.ptr[2] == 'w';
    one.executable = number.ptr[3] == 'x';
    one.shared = number.ptr[4] == 's';
    if (const auto path = line.find_first_of("/["); path != std::string_view::npos) one.path = line.substr(path);
    all.push_back(std::move(one));
  }
  return all;
}

const mapping* mapping_at(const std::vector<mapping>& all, std::uint64_t address) {
  const auto after = std::ranges::upper_bound(all, address, {}, &mapping::begin);
  if (after == all.begin()) return nullptr;
  const mapping& one = *std::prev(after);
  return one.has(address) ? &one : nullptr;
}

bool memory::read_now(std::uint64_t address, void* to, std::size_t size) const {
  iovec into{to, size}, from{reinterpret_cast<void*>(address), size};
  return ::process_vm_readv(pid_, &into, 1, &from, 1, 0) == static_cast<ssize_t>(size);
}

std::size_t memory::copy(memory_range range) {
  if (range.end <= range.begin) return 0;
  std::vector<unsigned char> bytes(range.size());
  iovec into{bytes.data(), bytes.size()}, from{reinterpret_cast<void*>(range.begin), bytes.size()};
  const ssize_t size = ::process_vm_readv(pid_, &into, 1, &from, 1, 0);
  if (size <= 0) return 0;
  bytes.resize(static_cast<std::size_t>(size));
  auto& there = copies_[range.begin];
  if (bytes.size() > there.size()) there = std::move(bytes);
  return static_cast<std::size_t>(size);
}

bool memory::read(std::uint64_t address, void* to, std::size_t size) const {
  // The copy that begins last before it, and the one before that: copies overlap where two threads wait for one lock.
  auto after = copies_.upper_bound(address);
  for (int tries = 0; tries < 3 && after != copies_.begin(); ++tries) {
    const auto& [begin, bytes] = *--after;
    if (size <= bytes.size() && address - begin <= bytes.size() - size) {  // a sum could wrap
      std::memcpy(to, bytes.data() + (address - begin), size);
      return true;
    }
  }
  return read_now(address, to, size);
}

std::string memory::text_at(std::uint64_t address) const {
  constexpr std::size_t longest = 4096, step = 64;
  std::string text;
  while (address != 0 && text.size() < longest) {
    char part[step];
    // Not over the end of a page: the next one may not be there.
    const std::size_t size = std::min<std::size_t>(step, 4096 - (address + text.size()) % 4096);
    if (!read_now(address + text.size(), part, size)) return {};
    const auto* const end = static_cast<const char*>(std::memchr(part, 0, size));
    text.append(part, end != nullptr ? static_cast<std::size_t>(end - part) : size);
    if (end != nullptr) return text;
  }
  return {};
}

}  // namespace curfew::tool::dump
