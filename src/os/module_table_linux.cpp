// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/errno_keeper.hpp"
#include "os/module_table.hpp"
#include "os/waits.hpp"

#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

namespace curfew::inline v1::detail::os {
namespace {

std::uintptr_t hexadecimal_in(std::string_view& text) noexcept {
  std::uintptr_t value = 0;
  while (!text.empty()) {
    const char c = text.front();
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) break;
    value = value * 16 + static_cast<std::uintptr_t>(digit);
    text.remove_prefix(1);
  }
  return value;
}

/// What a file's addresses are moved by, which its own headers say. They are at its lowest address; the file may have
/// been truncated since it was mapped.
std::uintptr_t bias_at(std::uintptr_t first) noexcept {
  ElfW(Ehdr) header;
  if (!read_own_memory(first, &header, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return first;
  for (int i = 0; i < header.e_phnum && i < 32; ++i) {
    ElfW(Phdr) part;
    if (!read_own_memory(first + header.e_phoff + static_cast<std::size_t>(i) * sizeof part, &part, sizeof part)) break;
    if (part.p_type == PT_LOAD) return first - (part.p_vaddr - part.p_offset);
  }
  return first;
}

}  // namespace

void module_table::add_line(const char* line, std::size_t size) noexcept {
  // "7f0-7f1 r-xp offset device inode      path"
  std::string_view text(line, size);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || count_ == most) return;
  const std::string_view path = text.substr(slash);
  const std::uintptr_t begin = hexadecimal_in(text);
  if (text.empty() || text.front() != '-') return;
  text.remove_prefix(1);
  const std::uintptr_t end = hexadecimal_in(text);
  if (text.size() < 5) return;
  const bool readable = text[1] == 'r', executable = text[3] == 'x';
  const bool is_same = last_path_ != nullptr && path == last_path_;
  if (!is_same) {
    if (paths_size_ + path.size() + 1 > sizeof paths_) return;
    char* const to = paths_ + paths_size_;
    std::memcpy(to, path.data(), path.size());
    to[path.size()] = '\0';
    paths_size_ += path.size() + 1;
    last_path_ = to;
    first_ = readable ? begin : 0;
  }
  if (executable && first_ != 0) ranges_[count_++] = {begin, end, bias_at(first_), last_path_};
}

void module_table::read() noexcept {
  const errno_keeper keep;
  count_ = paths_size_ = 0;
  last_path_ = nullptr;
  const int file = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char text[4096];
  std::size_t have = 0;
  for (;;) {
    const ssize_t size = ::read(file, text + have, sizeof text - have);
    if (size <= 0) break;
    have += static_cast<std::size_t>(size);
    std::size_t done = 0;
    while (const void* const end = std::memchr(text + done, '\n', have - done)) {
      const auto line = static_cast<std::size_t>(static_cast<const char*>(end) - (text + done));
      add_line(text + done, line);
      done += line + 1;
    }
    if (done == 0 && have == sizeof text) done = have;  // a line longer than any path is left out
    have -= done;
    std::memmove(text, text + done, have);
  }
  ::close(file);
}

const module_range* module_table::find(std::uintptr_t code) const noexcept {
  for (std::size_t i = 0; i < count_; ++i)
    if (code >= ranges_[i].begin && code < ranges_[i].end) return &ranges_[i];
  return nullptr;
}

}  // namespace curfew::inline v1::detail::os

#endif
