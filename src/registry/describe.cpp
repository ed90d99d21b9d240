// SPDX-License-Identifier: Apache-2.0
// The registry as users see it: curfew/registry.hpp.
#include "registry/registry.hpp"

#include <curfew/registry.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace curfew::inline v1 {
namespace detail {
namespace {

void give_default_name(std::string& name, thread_kind kind, std::uint64_t number) {
  if (kind == thread_kind::main) {
    name = "main";
    return;
  }
  char digits[20];
  char* const end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  name = kind == thread_kind::foreign ? "Foreign-" : "Thread-";
  name.append(digits, end);
}

}  // namespace

std::string name_of(const record& r) {
  std::string name;
  thread_kind kind;
  for (;;) {
    std::size_t size = 0;
    {
      const lock_registry lock;
      kind = r.kind;  // of an adopted thread it changes
      size = r.name.size();
      if (size != 0 && size <= name.capacity()) {
        name = r.name;
        return name;
      }
    }
    if (size == 0) break;
    name.reserve(size);
  }
  give_default_name(name, kind, r.number);
  return name;
}

namespace {

thread_state state_of(const record& r) noexcept {
  if (r.over.load() != 0) return thread_state::ended;
  if (!r.begun.load()) return thread_state::starting;
  if (r.stop.stop_requested()) return thread_state::stopping;
  return r.waits.load() != 0 ? thread_state::waiting : thread_state::running;
}

/// All but the name.
void describe_locked(const record& r, thread_info& info, std::chrono::system_clock::time_point now) noexcept {
  info.number = r.number;
  info.kind = r.kind;
  info.daemon = r.daemon();
  info.state = state_of(r);
  info.native_id = r.cell.tid.load();
  info.parent = r.parent;
  info.started_at = r.begun.load() ? r.started_at : now;
  info.created_at = r.created_at;
  info.takes_stop_token = r.takes_token;
  info.adopted = r.adopted.load();
}

/// Copies of all records, made in one walk under the lock, in which nothing is allocated. The list begins with the
/// newest, and so they are filled in from the end.
class snapshot {
 public:
  snapshot(std::size_t threads, std::size_t letters) : infos_(threads), sizes_(threads), first_(threads) {
    letters_.reserve(letters);
  }
  /// How much room it takes if there is too little.
  struct room {
    std::size_t threads, letters;
  };
  std::optional<room> take() noexcept {
    const auto now = std::chrono::system_clock::now();
    const lock_registry lock;  // the main thread's stop state may be made meanwhile
    room needed{};
    for (const record* r = first_locked(listed::live); r != nullptr; r = r->next) {
      ++needed.threads;
      needed.letters += r->name.size();
      if (needed.threads > infos_.size() || needed.letters > letters_.capacity()) continue;
      describe_locked(*r, infos_[first_ - 1], now);
      // Whoever has ended is not listed: a thread that was joined never is.
      if (infos_[first_ - 1].state == thread_state::ended) continue;
      sizes_[--first_] = r->name.size();
      letters_ += r->name;
    }
    if (needed.threads > infos_.size() || needed.letters > letters_.capacity()) return needed;
    return std::nullopt;
  }
  std::vector<thread_info> with_names() && {
    std::size_t at = 0;
    for (std::size_t i = infos_.size(); i-- > first_;) {
      if (sizes_[i] != 0)
        infos_[i].name.assign(letters_, at, sizes_[i]);
      else
        give_default_name(infos_[i].name, infos_[i].kind, infos_[i].number);
      at += sizes_[i];
    }
    infos_.erase(infos_.begin(), infos_.begin() + static_cast<std::ptrdiff_t>(first_));
    return std::move(infos_);
  }

 private:
  std::vector<thread_info> infos_;
  std::vector<std::size_t> sizes_;  ///< of the names; 0: the default
  std::string letters_;             ///< of all names, the newest thread's first
  std::size_t first_;
};

}  // namespace

thread_info describe(const record& r) {
  thread_info info;
  info.name = name_of(r);
  const auto now = std::chrono::system_clock::now();
  const lock_registry lock;  // as in snapshot
  describe_locked(r, info, now);
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
  std::size_t threads = detail::counts_now().live;
  std::size_t letters = 16 * threads;
  for (;;) {
    detail::snapshot all(threads, letters);
    const auto needed = all.take();
    if (!needed) {
      auto infos = std::move(all).with_names();
      if (!std::ranges::is_sorted(infos, {}, &thread_info::number)) std::ranges::sort(infos, {}, &thread_info::number);
      return infos;
    }
    threads = needed->threads;
    letters = needed->letters;
  }
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
