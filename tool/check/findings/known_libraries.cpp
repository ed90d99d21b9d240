// SPDX-License-Identifier: Apache-2.0
#include "check/findings/known_libraries.hpp"

#include "check/findings/words.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace curfew::tool {
namespace {

constexpr known_library libraries[] = {
    {"libgomp.so", "", "OpenMP (libgomp)", true, "nothing: its idle workers have no work left"},
};

bool is_of(const frame& at, const known_library& library) {
  return std::string_view(at.module).starts_with(library.module);
}

}  // namespace

const known_library* library_of(const involved_thread& thread) {
  if (thread.created_at.module.empty()) return nullptr;
  const auto* const known = std::find_if(std::begin(libraries), std::end(libraries), [&](const known_library& one) {
    return is_of(thread.created_at, one) && std::string_view(thread.name).starts_with(one.thread);
  });
  if (known == std::end(libraries)) return nullptr;
  const bool inside = std::all_of(thread.stack.begin(), thread.stack.end(),
                                  [&](const frame& at) { return is_library_frame(at) || is_of(at, *known); });
  return inside ? known : nullptr;
}

}  // namespace curfew::tool
