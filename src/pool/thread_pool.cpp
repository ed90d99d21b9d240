// SPDX-License-Identifier: Apache-2.0
#include <curfew/pool/thread_pool.hpp>

#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/small_text.hpp"
#include "pool/state.hpp"
#include "thread/names.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace curfew::inline v1 {

task_dropped::task_dropped()
    : std::system_error(std::make_error_code(std::errc::operation_canceled), "curfew: the task was dropped") {}
task_dropped::~task_dropped() = default;

pool_closed::pool_closed(const char* what)
    : std::system_error(std::make_error_code(std::errc::operation_not_permitted), what) {}
pool_closed::~pool_closed() = default;

const char* to_string(at_exit kind) noexcept {
  switch (kind) {
    case at_exit::finish:
      return "finish";
    case at_exit::skip:
      return "skip";
    case at_exit::abandon:
      return "abandon";
  }
  return "?";
}

namespace detail {

namespace {

constexpr std::size_t most_own_places = 64;

[[noreturn]] void invalid(const char* what) {
  throw std::system_error(std::make_error_code(std::errc::invalid_argument), what);
}

[[noreturn]] void deadlock(const char* what) {
  throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur), what);
}

std::unique_ptr<pool_state> make_pool(const pool_options& options) {
  check_name(options.name);
  if (options.workers && *options.workers < 1) invalid("curfew: pool_options::workers must be at least 1");
  const int limit = options.workers.value_or(static_cast<int>(std::max(1U, thread::hardware_concurrency())));
  if (options.keep && (*options.keep < 0 || *options.keep > limit))
    invalid("curfew: pool_options::keep must be 0 to the number of workers");
  if (options.idle < std::chrono::milliseconds(0)) invalid("curfew: pool_options::idle must not be negative");
  if (options.queue_limit && *options.queue_limit < 1) invalid("curfew: pool_options::queue_limit must be at least 1");

  static std::atomic<unsigned> numbered{0};
  auto p = std::make_unique<pool_state>();
  p->name = options.name.empty() ? "pool-" + std::to_string(numbered.fetch_add(1) + 1) : std::string(options.name);
  p->limit = static_cast<unsigned>(limit);
  p->keep = static_cast<unsigned>(options.keep.value_or(limit));
  p->searchers = std::max(1U, thread::hardware_concurrency() / 2);
  p->idle = options.idle;
  if (options.queue_limit) p->queue_limit = static_cast<std::size_t>(*options.queue_limit);
  p->initialiser = options.initialiser;
  p->stack_size = options.stack_size;
  p->created_at = options.created_at;
  p->takes_batches = p->keep == p->limit && p->queue_limit == no_limit;
  p->own_places = std::min<std::size_t>(p->limit, most_own_places);
  p->place_count = p->own_places + outside_places;
  p->places = std::make_unique<fork_place[]>(p->place_count);
  return p;
}

/// Nobody is left whom a shutdown has to wait for.
bool has_ended_locked(const pool_state& p) noexcept {
  const bool frozen = exit_now.now.load() == phase::frozen;
  if (p.ended != nullptr) return false;
  if (!frozen && (p.joining != 0 || p.waited.first != nullptr)) return false;  // who joins may be frozen, too
  if (p.total == p.abandoned) return true;
  if (!p.ending) return false;
  for (const worker* w = p.workers; w != nullptr; w = w->next)
    if (!is_lost_locked(*w)) return false;
  return frozen || p.workers != nullptr;
}

/// Joins them one by one as they end.
void join_workers(pool_state& p) {
  const std::stop_token no_stop;
  for (;;) {
    worker* w = nullptr;
    extra_workers more;
    parking_place place;
    {
      const lock_pool lock(p);
      if (p.ended != nullptr) {
        w = p.ended;
        p.ended = w->below;
        ++p.joining;
      } else if (has_ended_locked(p)) {
        return;
      } else if (p.waited.first != nullptr && p.total == p.abandoned) {
        more = plan_workers_locked(p);  // a task has ended the last worker, and there was no other available
      } else {
        ++p.watchers;
        place.enter(&p.watchers);
      }
    }
    if (more.missing != 0) {
      start_workers(p, more);
      continue;
    }
    if (w == nullptr) {
      wait_for_change(p, place, &no_stop, os::forever);
      continue;
    }
    try {
      w->handle.join();
    } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): the exit has frozen it on its way out
    }
    delete w;
    bool changed;
    {
      const lock_pool lock(p);
      --p.joining;
      changed = change_locked(p);
    }
    tell(p, changed);
  }
}

/// Threads in calls of the pool's: those that wait in one and are counted, and those of which more is not known.
struct callers {
  unsigned waiting = 0;
  bool others = false;
};
callers threads_inside(pool_state& p) noexcept {
  const lock_pool lock(p);
  callers inside{p.watchers + p.blocked, p.joining != 0};
  for (std::size_t i = p.own_places; i < p.place_count; ++i)
    inside.others = inside.others || p.places[i].claimed.load();
  return inside;
}

/// Whoever is inside of the pool while it is destroyed would go on in what is no more. Daemons that wait are frozen,
/// and stay counted; those on their way out are let out. In phase frozen nobody goes on.
void require_no_thread_inside(pool_state& p) noexcept {
  os::small_text<512> pool, line;
  pool << "the thread_pool ";
  pool.quoted(p.name);
  // In another life those that were frozen in an earlier one are still inside, and will not go on.
  const bool some_are_frozen = exit_now.frozen.load() != 0;
  const auto give_up = os::now_steady() + std::chrono::milliseconds(some_are_frozen ? 100 : 1000);
  for (std::size_t frozen = 0;; os::pause_for(std::chrono::microseconds(50))) {
    const callers inside = threads_inside(p);
    if ((inside.waiting == frozen && !inside.others) || exit_now.now.load() == phase::frozen) return;
    frozen += end_of_addresses({&p.watchers, &p.blocked}, pool.c_str());
    if (os::now_steady() >= give_up || (inside.others && !some_are_frozen)) break;
  }
  if (some_are_frozen) return;
  line << "curfew: " << pool.view() << " is destroyed while another thread is in one of its calls\n";
  os::write_all(STDERR_FILENO, line.view());
  std::terminate();
}

}  // namespace

void close_pool(pool_state& p, bool cancel_pending, bool by_destructor) {
  task_list dropped;
  extra_workers more;
  {
    const lock_pool lock(p);
    p.last_tasks = by_destructor && !p.closed;
    p.closed = true;
    find_out_growth_locked(p);
    gather_locked(p);
    dropped.append(p.abandon);
    if (cancel_pending) dropped.append(p.waited);
    add_queued_locked(p);
    if (exit_now.now.load() != phase::frozen) more = plan_workers_locked(p);
    while (worker* const w = unpark_locked(p)) wake_worker(w);  // now: later it may be gone
  }
  wake_at(&p.blocked, all_of_them);
  drop_all(dropped);
  start_workers(p, more);
}

wait_end wait_for_change(pool_state& p, parking_place& place, stop_choice stop, steady_time deadline) {
  struct leaver {
    pool_state& p;
    ~leaver() {
      const lock_pool lock(p);
      --p.watchers;
    }
  } const left{p};
  // In the end a worker can be lost without a word to its pool.
  const auto soon = exit_now.runner.load() != 0 ? os::now_steady() + std::chrono::milliseconds(20) : os::forever;
  const wait_end end = place.sleep_and_leave(stop, std::min(deadline, soon));
  return end == wait_end::timed_out && soon < deadline ? wait_end::ready : end;
}

}  // namespace detail

thread_pool::thread_pool(const pool_options& options) {
  detail::prepare_for_the_end();
  state_ = detail::make_pool(options).release();
  detail::list_pool(*state_);
}

thread_pool::~thread_pool() {
  using namespace detail;
  pool_state& p = *state_;
  require_no_thread_inside(p);
  close_pool(p, false, !is_own_task(p));
  if (!is_own_task(p)) {
    join_workers(p);
  } else if (exit_phase() != phase::frozen) {
    os::small_text<512> line;
    line << "curfew: the pool ";
    line.quoted(p.name) << " is destroyed by a task of its own: its tasks are not waited for\n";
    os::write_all(STDERR_FILENO, line.view());
  }
  release_pool(p);
}

detail::wait_end thread_pool::wait_idle_until_steady(detail::stop_choice stop, detail::steady_time deadline) {
  using namespace detail;
  pool_state& p = *state_;
  if (is_own_task(p)) deadlock("curfew: a task cannot wait for its own pool");
  for (auto end = wait_end::ready;;) {
    parking_place place;
    {
      const lock_pool lock(p);
      if (is_idle_locked(p)) return wait_end::ready;
      if (exit_now.now.load() == phase::frozen) return wait_end::stopped;
      if (end != wait_end::ready) return end;
      ++p.watchers;
      place.enter(&p.watchers);
    }
    end = wait_for_change(p, place, stop, deadline);
  }
}

void thread_pool::shutdown(shutdown_options options) {
  using namespace detail;
  close_pool(*state_, options.cancel_pending);
  if (!options.wait) return;
  if (is_own_task(*state_)) {
    if (exit_phase() == phase::frozen) return;
    deadlock("curfew: a task cannot wait for its own pool");
  }
  // In phase frozen the pool's destructor does not wait for other threads that are in here.
  retain_pool(*state_);
  struct releaser {
    pool_state& p;
    ~releaser() { release_pool(p); }
  } const inside{*state_};
  join_workers(*state_);
}

pool_counts thread_pool::counts() const noexcept {
  using namespace detail;
  const lock_pool lock(*state_);
  const std::size_t idle = state_->searching.load() + state_->sleeping.load();
  return {state_->total, state_->total - std::min<std::size_t>(idle, state_->total), waiting_locked(*state_)};
}

const std::string& thread_pool::name() const noexcept { return state_->name; }

}  // namespace curfew::inline v1
