// SPDX-License-Identifier: Apache-2.0
// Which hook of a list a shared library has registered. The loader, which knows whose an address is, has locks of its
// own, so it is not asked under the registry's.
#pragma once

#include "exit/host_parts.hpp"
#include "registry/registry.hpp"

#include <curfew/exit.hpp>

#include <algorithm>
#include <cstddef>
#include <list>
#include <utility>
#include <vector>

namespace curfew::inline v1::detail {

/// Takes out the last that is chosen and that `library` has registered: alone in a list, or nothing. A hook has `id`
/// and `code`, an address in the code of who registered it.
template <class Hook, class Chosen>
std::list<Hook> take_last_of(std::list<Hook>& hooks, const void* library, Chosen is_chosen) {
  std::vector<std::pair<hook_id, const void*>> found;
  for (std::size_t room = 16;; room *= 2) {
    found.reserve(room);
    const lock_registry lock;
    if (hooks.size() > room) continue;
    for (const Hook& h : hooks)
      if (is_chosen(h)) found.emplace_back(h.id, h.code);
    break;
  }
  const auto last =
      std::find_if(found.rbegin(), found.rend(), [=](const auto& h) { return library_of(h.second) == library; });
  std::list<Hook> taken;
  if (last == found.rend()) return taken;
  const lock_registry lock;
  const auto at = std::ranges::find(hooks, last->first, &Hook::id);
  if (at != hooks.end()) taken.splice(taken.end(), hooks, at);
  return taken;
}

}  // namespace curfew::inline v1::detail
