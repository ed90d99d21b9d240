// SPDX-License-Identifier: Apache-2.0
// The C++ runtime that is linked into this library has a demangler, which is a fifth of the library: too much for the
// name of the destructor that hangs, in every process. A program that has such a name mostly has a C++ library, which
// has a demangler, too. This one stands for it, for this library alone: the version script keeps it inside.
#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

extern "C" char* __cxa_demangle(const char* mangled, char* buffer, std::size_t* size, int* status);

namespace {

using demangler = char*(const char*, char*, std::size_t*, int*);

/// A library that was loaded for a plugin alone is not asked by a name alone.
demangler* of_program() noexcept {
  constexpr const char* name = "__cxa_demangle";
  void* found = ::dlsym(RTLD_DEFAULT, name);
  for (const char* const library : {"libstdc++.so.6", "libc++abi.so.1"}) {
    if (found != nullptr) break;
    if (void* const loaded = ::dlopen(library, RTLD_LAZY | RTLD_NOLOAD)) found = ::dlsym(loaded, name);
  }
  return reinterpret_cast<demangler*>(found);
}

char* copy_of(const char* text, std::size_t length) noexcept {
  auto* const copy = static_cast<char*>(std::malloc(length + 1));
  if (copy == nullptr) return nullptr;
  std::memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

/// For a program whose C++ library is a part of itself: `_ZN3app5statsD1Ev`, a destructor or a function without
/// arguments. Null for everything else, and for templates.
char* demangled_plainly(std::string_view name) noexcept {
  if (!name.starts_with("_Z")) return nullptr;
  name.remove_prefix(2);
  const bool nested = name.starts_with("N");
  if (nested || name.starts_with("L")) name.remove_prefix(1);
  char text[256];
  std::size_t length = 0;
  const auto add = [&](std::string_view more) {
    if (length + more.size() >= sizeof text) return false;
    std::memcpy(text + length, more.data(), more.size());
    length += more.size();
    return true;
  };
  std::string_view last;
  do {
    if (nested && !last.empty() && (name.starts_with("D1Ev") || name.starts_with("D2Ev") || name.starts_with("D0Ev"))) {
      if (name.size() != 4 || !add("::~") || !add(last) || !add("()")) return nullptr;
      return copy_of(text, length);
    }
    std::size_t size = 0;
    while (!name.empty() && name[0] >= '0' && name[0] <= '9' && size < sizeof text) {
      size = size * 10 + static_cast<std::size_t>(name[0] - '0');
      name.remove_prefix(1);
    }
    if (size == 0 || size > name.size() || name.starts_with("_GLOBAL__N")) return nullptr;
    if (!last.empty() && !add("::")) return nullptr;
    last = name.substr(0, size);
    name.remove_prefix(size);
    if (!add(last)) return nullptr;
  } while (nested && !name.starts_with("E"));
  if (nested) name.remove_prefix(1);
  return name == "v" && add("()") ? copy_of(text, length) : nullptr;
}

}  // namespace

char* __cxa_demangle(const char* mangled, char* buffer, std::size_t* size, int* status) {
  if (demangler* const real = of_program()) return real(mangled, buffer, size, status);
  char* const text = buffer == nullptr ? demangled_plainly(mangled) : nullptr;
  if (status != nullptr) *status = text != nullptr ? 0 : -2;
  return text;
}
