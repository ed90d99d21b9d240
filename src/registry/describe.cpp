// SPDX-License-Identifier: Apache-2.0
// The registry as users see it: curfew/registry.hpp.
#include "registry/registry.hpp"

#include <curfew/registry.hpp>

#include <algorithm>

namespace curfew::inline v1 {
namespace detail {

std::string name_of_locked(const record& r) {
  if (!r.name.empty()) return r.name;
  switch (r.kind) {
    case thread_kind::main:
      return "main";
    case thread_kind::foreign:
      return "Foreign-" + std::to_string(r.number);
    default:
      return "Thread-" + std::to_string(r.number);
  }
}

namespace {

thread_state state_of(const record& r) noexcept {
  if (r.over.load() != 0) return thread_state::ended;
  if (!r.begun.load()) return thread_state::starting;
  if (r.stop.stop_requested()) return thread_state::stopping;
  return r.waits.load() != 0 ? thread_state::waiting : thread_state::running;
}

}  // namespace

thread_info describe_locked(const record& r) {
  return {r.number,     name_of_locked(r), r.kind,   r.daemon(),
          state_of(r),  r.cell.tid.load(), r.parent, r.begun.load() ? r.started_at : std::chrono::system_clock::now(),
          r.created_at, r.takes_token};
}

thread_info describe(const record& r) {
  const lock_registry lock;
  return describe_locked(r);
}

}  // namespace detail

const char* to_string(thread_kind kind) noexcept {
  switch (kind) {
    case thread_kind::main:
      return "main";
    case thread_kind::regular:
      return "regular";
    case thread_kind::daemon:
      return "daemon";
    case thread_kind::foreign:
      return "foreign";
  }
  return "?";
}

const char* to_string(thread_state state) noexcept {
  switch (state) {
    case thread_state::starting:
      return "starting";
    case thread_state::running:
      return "running";
    case thread_state::waiting:
      return "waiting";
    case thread_state::stopping:
      return "stopping";
    case thread_state::ended:
      return "ended";
  }
  return "?";
}

std::vector<thread_info> enumerate() {
  detail::main_record();
  std::vector<thread_info> all;
  {
    const detail::lock_registry lock;
    for (const detail::record* r = detail::first_locked(detail::listed::live); r != nullptr; r = r->next)
      all.push_back(detail::describe_locked(*r));
  }
  std::ranges::sort(all, {}, &thread_info::number);
  return all;
}

thread_counts counts() noexcept {
  detail::main_record();
  return detail::counts_now();
}

std::size_t active_count() noexcept { return counts().live; }

thread_info current() { return detail::describe(detail::own_record()); }

thread_info main_thread() { return detail::describe(detail::main_record()); }

std::optional<thread_info> find(std::string_view name) {
  for (auto& info : enumerate())
    if (info.name == name) return std::move(info);
  return std::nullopt;
}

}  // namespace curfew::inline v1
