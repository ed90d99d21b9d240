// SPDX-License-Identifier: Apache-2.0
// Timers in a host that goes on: in another life, or without a library that it unloads.
#include "exit/host_parts.hpp"
#include "registry/registry.hpp"
#include "sync/timer_service.hpp"

#include <algorithm>
#include <utility>

namespace curfew::inline v1::detail {

std::vector<std::shared_ptr<timer_service>> timer_service::all() {
  std::vector<std::shared_ptr<timer_service>> found;  // given up without the lock
  const timers_lock lock(timers_mutex);
  for (timer_service* s = all_services; s != nullptr; s = s->next_)
    if (auto kept = s->weak_from_this().lock()) found.push_back(std::move(kept));
  return found;
}

void timer_service::restart_all() {
  for (const auto& s : all()) s->restart();
}

/// What a frozen thread was to call is over.
void timer_service::restart() noexcept {
  timers_lock lock(timers_mutex);
  if (!running_ || (runner_ != nullptr && !runner_->is_frozen_for_good())) return;
  running_ = starting_ = false;
  runner_ = nullptr;
  ++turn_;
  if (called_ != nullptr) called_->over.set();
  called_ = nullptr;
  drop(lock, false);
}

void timer_service::end_library(const void* library) {
  for (const auto& s : all()) {
    std::vector<std::shared_ptr<timer_entry>> waiting;
    const char* called = nullptr;
    {
      const timers_lock lock(timers_mutex);
      for (const auto& [due, entry] : s->pending_) waiting.push_back(entry);
      if (s->called_ != nullptr) called = s->called_->made_in;
    }
    for (const auto& entry : waiting)
      if (library_of(entry->made_in) == library) s->cancel(*entry);
    if (called == nullptr || library_of(called) != library) continue;
    const timers_lock lock(timers_mutex);
    if (s->called_ != nullptr && s->called_->made_in == called) s->called_->cancelled = true;  // not again
  }
}

bool timer_service::run_here_for(const void* library) {
  return std::ranges::any_of(all(), [=](const auto& s) {
    const char* made_in = nullptr;
    {
      const timers_lock lock(timers_mutex);
      if (s->called_ != nullptr && s->is_called_here_locked()) made_in = s->called_->made_in;
    }
    return library_of(made_in) == library;
  });
}

bool timer_service::work_for(const void* library) {
  return std::ranges::any_of(all(), [=](const auto& s) {
    const char* made_in = nullptr;
    {
      const timers_lock lock(timers_mutex);
      if (s->called_ != nullptr) made_in = s->called_->made_in;
    }
    return made_in != nullptr && library_of(made_in) == library;
  });
}

}  // namespace curfew::inline v1::detail
