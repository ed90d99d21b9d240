// SPDX-License-Identifier: Apache-2.0
#include "run/request.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace curfew::preload {
namespace {

constexpr std::string_view variable = "CURFEW_RUN=";
constexpr std::string_view ld_preload = "LD_PRELOAD=";

template <std::size_t N>
void copy(std::string_view from, char (&to)[N]) noexcept {
  const std::size_t size = std::min(from.size(), N - 1);
  std::memcpy(to, from.data(), size);
  to[size] = '\0';
}

std::string_view take_line(std::string_view& text) noexcept {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

/// The entries in front move up, and the list begins later: behind its end stands what the kernel has put there, which
/// some programs look for. Who reads the list from its old beginning finds the first entries twice.
void take_out(char** entry) noexcept {
  for (char** at = entry; at != environ; --at) *at = at[-1];
  ++environ;
}

char** find(std::string_view name) noexcept {
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (std::string_view(*entry).starts_with(name)) return entry;
  return nullptr;
}

/// "LD_PRELOAD=ours:others" becomes "LD_PRELOAD=others", in place.
void take_out_of_ld_preload() noexcept {
  char** const entry = find(ld_preload);
  if (entry == nullptr) return;
  char* const value = *entry + ld_preload.size();
  const char* const others = std::strpbrk(value, ": ");
  if (others == nullptr) return take_out(entry);
  std::memmove(value, others + 1, std::strlen(others + 1) + 1);
}

request read() noexcept {
  request found;
  char** const entry = environ != nullptr ? find(variable) : nullptr;
  if (entry == nullptr) return found;
  std::string_view text = std::string_view(*entry).substr(variable.size());
  const std::string_view options = take_line(text);
  copy(options, found.options);
  copy(take_line(text), found.record);
  if (const auto at = options.find("report="); at != std::string_view::npos) {
    const auto value = options.substr(at + 7);
    copy(value.substr(0, value.find(',')), found.report);
  }
  if (take_line(text) != "children") {
    take_out(entry);
    take_out_of_ld_preload();
  }
  return found;
}

}  // namespace

const request& asked() noexcept {
  static const request once = read();
  return once;
}

}  // namespace curfew::preload
