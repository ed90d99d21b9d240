// SPDX-License-Identifier: Apache-2.0
// The registry as users see it: curfew/registry.hpp.
#include "registry/registry.hpp"

#include <curfew/registry.hpp>

#include <algorithm>

namespace curfew::inline v1 {
namespace detail {

std::string name_of(const record& r) {
  std::string name;
  for (;;) {
    std::size_t size = 0;
    {
      const lock_registry lock;
      size = r.name.size();
      if (size != 0 && size <= name.capacity()) {
        name = r.name;
        return name;
      }
    }
    if (size == 0) break;
    name.reserve(size);
  }
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

thread_info describe(const record& r) {
  thread_info info;
  info.name = name_of(r);
  const lock_registry lock;  // the main thread's stop state may be made meanwhile
  info.number = r.number;
  info.kind = r.kind;
  info.daemon = r.daemon();
  info.state = state_of(r);
  info.native_id = r.cell.tid.load();
  info.parent = r.parent;
  info.started_at = r.begun.load() ? r.started_at : std::chrono::system_clock::now();
  info.created_at = r.created_at;
  info.takes_stop_token = r.takes_token;
  return info;
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
  for (const auto& r : detail::records_where(detail::listed::live, [](const detail::record&) { return true; }))
    all.push_back(detail::describe(*r));
  // Whoever has ended while the others were described is not listed: a thread that was joined never is.
  std::erase_if(all, [](const thread_info& t) { return t.state == thread_state::ended; });
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
