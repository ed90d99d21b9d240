// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/timer.hpp>

#include "exit/to_be_frozen.hpp"
#include "sync/misuse.hpp"
#include "sync/timer_service.hpp"

#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <utility>

namespace curfew::inline v1 {

void timer::start(const timer_options& options, bool in_range, std::chrono::nanoseconds interval,
                  std::function<void()>&& function) {
  if (!in_range || (options.periodic && interval.count() == 0))
    detail::misuse(std::errc::invalid_argument,
                   "curfew: timer: the interval must be representable, and more than zero for a periodic timer");
  if (!function) detail::misuse(std::errc::invalid_argument, "curfew: timer: the function must not be empty");
  const bool too_late = detail::freeze_if_too_late();
  if (exit_phase() == phase::frozen && !too_late)
    throw exit_in_progress("curfew: a timer was made at the end of the process");
  const bool daemon = options.daemon.value_or(this_thread::is_daemon() || detail::is_to_be_frozen());
  auto entry = std::make_shared<detail::timer_entry>();
  entry->service =
      options.own_thread ? detail::timer_service::of_its_own(options, daemon) : detail::timer_service::shared(daemon);
  entry->interval = interval;
  entry->periodic = options.periodic;
  entry->made_in = options.created_at.file;
  entry->function = std::move(function);
  entry->due = detail::kernel_now() + interval;
  if (!too_late) entry->service->add(entry);
  entry_ = std::move(entry);
}

bool timer::cancel() noexcept { return entry_ != nullptr && entry_->service->cancel(*entry_); }

bool timer::is_alive() const noexcept { return entry_ != nullptr && !entry_->over.is_set(); }

bool timer::join_until_steady(detail::stop_choice stop, detail::steady_time deadline) {
  const auto entry = entry_;  // the handle may be assigned over meanwhile
  if (entry == nullptr) detail::misuse(std::errc::invalid_argument, "curfew: timer::join: there is no timer");
  {
    const detail::timers_lock lock(detail::timers_mutex);
    if (entry->called_on == std::this_thread::get_id())
      detail::misuse(std::errc::resource_deadlock_would_occur,
                     "curfew: timer::join: a timer cannot wait for its own end");
    if (deadline == detail::steady_time::max() && !entry->over.is_set() && entry->service->is_called_here_locked())
      detail::misuse(std::errc::resource_deadlock_would_occur,
                     "curfew: timer::join: a timer cannot wait for another on the same thread");
  }
  const auto limit = deadline - detail::kernel_now();
  if (deadline == detail::steady_time::max()) return stop != nullptr ? entry->over.wait(*stop) : entry->over.wait();
  return stop != nullptr ? entry->over.wait_for(*stop, limit) : entry->over.wait_for(limit);
}

}  // namespace curfew::inline v1
