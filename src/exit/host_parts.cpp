// SPDX-License-Identifier: Apache-2.0
// Apart from who calls it, so that a program with pools and timers has no more than this.
#include "exit/host_parts.hpp"

#include <algorithm>
#include <atomic>

namespace curfew::inline v1::detail {
namespace {

constinit std::atomic<const host_part*> parts[3] = {};

}  // namespace

void set_host_part(host_part_of what, const host_part& part) noexcept {
  parts[static_cast<unsigned>(what)].store(&part);
}

void restart_host_parts() {
  for (const auto& one : parts)
    if (const host_part* const part = one.load()) part->restart();
}

void end_library_in_host_parts(const void* library) {
  for (const auto& one : parts)
    if (const host_part* const part = one.load(); part != nullptr && part->end_library != nullptr)
      part->end_library(library);
}

bool host_parts_work_for(const void* library) {
  return std::ranges::any_of(parts, [=](const auto& one) {
    const host_part* const part = one.load();
    return part != nullptr && part->works_for != nullptr && part->works_for(library);
  });
}

bool host_parts_run_here_for(const void* library) {
  return std::ranges::any_of(parts, [=](const auto& one) {
    const host_part* const part = one.load();
    return part != nullptr && part->runs_here_for != nullptr && part->runs_here_for(library);
  });
}

}  // namespace curfew::inline v1::detail
