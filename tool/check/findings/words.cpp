// SPDX-License-Identifier: Apache-2.0
#include "check/findings/words.hpp"

#include <signal.h>

#include <cstdio>
#include <cstring>

namespace curfew::tool {

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string quoted(const std::string& text) { return "`" + text + "`"; }

std::string name_without_number(const std::string& name) {
  constexpr const char* digits = "0123456789";
  const auto begin = name.find_first_not_of(digits);
  return begin == std::string::npos ? std::string() : name.substr(begin, name.find_last_not_of(digits) + 1 - begin);
}

std::string signal_text(std::uint64_t number) {
  const char* const name = ::sigabbrev_np(static_cast<int>(number));
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

// Its headers, its sources (a plain path says little, so the symbol decides), and what it puts in front of the C
// library's functions.
bool is_curfew_frame(const frame& one) {
  if (one.function.starts_with("curfew::") || one.function.starts_with("void curfew::") ||
      one.file.find("/include/curfew/") != std::string::npos ||
      one.file.find("/src/lock_tracking/") != std::string::npos)
    return true;
  if (one.symbol.find("curfew::") > std::strlen("void ")) return false;
  for (const char* const folder :
       {"src/os/", "src/registry/", "src/report/", "src/exit/", "src/thread/", "src/sync/", "src/pool/"})
    if (one.file.find(folder) != std::string::npos) return true;
  return false;
}

bool is_library_frame(const frame& one) {
  for (const char* const name :
       {"libc.so", "libstdc++.so", "libc++.so", "ld-linux", "libgcc_s", "libpthread.so", "libpthread-", "libm.so"})
    if (one.module.starts_with(name)) return true;
  // Part of the headers lies in a folder for the processor: /include/x86_64-linux-gnu/c++/.
  const auto headers = one.file.find("/include/");
  return (headers != std::string::npos && one.file.find("/c++/", headers) != std::string::npos) ||
         one.function == "_start" || one.function.starts_with("std::") || one.function.starts_with("void std::") ||
         is_curfew_frame(one) || one.module.empty();
}

frame first_own(const std::vector<frame>& stack) {
  for (const auto& one : stack)
    if (!is_library_frame(one)) return one;
  return stack.empty() ? frame{} : stack.front();
}

std::string place_text(const frame& at) {
  if (!at.file.empty()) return base_name(at.file) + ":" + std::to_string(at.line);
  char offset[32];
  std::snprintf(offset, sizeof offset, "+0x%llx", static_cast<unsigned long long>(at.offset));
  return at.module.empty() ? "an unknown place" : at.module + offset;
}

std::string code_text(const frame& at) { return at.function.empty() ? place_text(at) : quoted(at.function); }

std::string code_and_place_text(const frame& at) {
  return at.function.empty() ? place_text(at) : quoted(at.function) + " at " + place_text(at);
}

std::string short_name(const std::string& function) {
  constexpr std::size_t readable = 90;
  if (function.empty()) return "??";
  if (function.size() <= readable) return function;
  std::string text;
  int depth = 0;
  for (std::size_t i = 0; i < function.size(); ++i) {
    const char c = function[i];
    const bool bracket = (c == '<' || c == '>') && (i == 0 || function[i - 1] != '-') && !text.ends_with("operator");
    if (bracket && c == '>' && depth > 0) --depth;
    if (depth == 0) text += c;
    if (bracket && c == '<' && depth++ == 0) text += "…";
  }
  return text;
}

}  // namespace curfew::tool
