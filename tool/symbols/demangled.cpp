// SPDX-License-Identifier: Apache-2.0
#include "symbols/symbols.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace curfew::tool {

std::string demangled(const char* name) {
  if (name == nullptr) return {};
  // Of C names some are types to the demangler: `m` is an unsigned long.
  const bool mangled = std::string_view(name).starts_with("_Z");
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> plain(
      mangled ? abi::__cxa_demangle(name, nullptr, nullptr, &status) : nullptr, &std::free);
  std::string text = plain ? plain.get() : name;
  // The C library's own name for a function that others know without it.
  constexpr std::string_view internal = "__GI_";
  if (text.starts_with(internal)) text.erase(0, internal.size());
  // What the C++ library says to the linker and not to people.
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  };
  replace("guard variable for ", "");
  replace("[abi:cxx11]", "");
  replace("std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string");
  replace("std::__cxx11::", "std::");
  return text;
}

}  // namespace curfew::tool
