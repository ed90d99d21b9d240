// SPDX-License-Identifier: Apache-2.0
// How the result of a task comes to whoever waits for it.
#include <curfew/detail/task_result.hpp>

#include "pool/state.hpp"
#include "sync/parking.hpp"
#include "sync/spin.hpp"

#include <future>

namespace curfew::inline v1::detail {
namespace {

constexpr std::uint32_t not_for_a_future = result_state::unowned | result_state::continued;

/// There is no future that will free it.
void leave(result_state* r, std::uint32_t found) noexcept {
  if ((found & result_state::continued) != 0)
    r->then->act(r->then, r);
  else if ((found & result_state::unowned) != 0)
    r->act(r, fate::destroy);
}

/// How long the calling thread looks for a result before it sleeps: less if it has found none lately.
constinit thread_local spin_patience patience [[gnu::tls_model("initial-exec")]];

/// The calling worker is about to have nothing to do: it says so before anybody sees the result, so that who submits
/// the next task at once finds it searching, and wakes or starts no other. False when another is there for that.
bool search_from_now(worker& w) noexcept {
  pool_state& p = w.pool;
  if (p.queued.load(std::memory_order_relaxed) != 0 || p.next_tasks.size() != 0) return false;
  bool changed;
  {
    const lock_pool lock(p);
    if (p.closed || p.ending || p.searching.load(std::memory_order_relaxed) >= p.searchers) return false;
    if (waiting_locked(p) != 0) return false;
    w.searching = true;
    add_searching_locked(p, 1);
    changed = is_idle_locked(p) && change_locked(p);
  }
  tell(p, changed);
  return true;
}

/// Tells who waits. True when there is a future that will free it.
bool is_left_to_its_future(result_state* r, std::uint32_t& found) noexcept {
  // Whoever sees it done may go on, and free it: nothing is done with it after that.
  found = r->state.load(std::memory_order_relaxed);
  while ((found & result_state::waited_for) == 0)
    if (r->state.compare_exchange_weak(found, found | result_state::done, std::memory_order_acq_rel,
                                       std::memory_order_relaxed))
      return (found & not_for_a_future) == 0;
  woken_places woken;
  {
    at_address here(&r->state);
    here.take(&r->state, all_of_them, woken);
    found = r->state.fetch_or(result_state::done, std::memory_order_acq_rel);
  }
  woken.wake();
  return (found & not_for_a_future) == 0;
}

}  // namespace

void publish(result_state* r) noexcept {
  worker* const w = own_worker;
  const bool searches = w != nullptr && w->current == r &&
                        (r->state.load(std::memory_order_relaxed) & not_for_a_future) == 0 && search_from_now(*w);
  std::uint32_t found;
  if (is_left_to_its_future(r, found)) return;
  // What comes now may run code of the user's, which a task must not wait for.
  if (searches) stop_searching(*w);
  leave(r, found);
}

void fulfil_and_publish(result_state* r, void (*fulfil)(result_state*)) {
  struct publisher {
    result_state* ended;
    ~publisher() { publish(ended); }
  };
  const publisher end{r};
  fulfil(r);
}

wait_end wait_for_result(result_state& r, stop_choice stop, steady_time deadline) {
  if (spin_until([&] { return r.is_done(); }, patience, deadline)) return wait_end::ready;
  parking_place place;
  {
    at_address here(&r.state);
    if ((r.state.fetch_or(result_state::waited_for, std::memory_order_acq_rel) & result_state::done) != 0)
      return wait_end::ready;
    here.link(place, &r.state);
  }
  return place.sleep_and_leave(stop, deadline);
}

void wait_for_result(result_state& r) {
  if (r.is_done()) return;
  const std::stop_token nobody;
  wait_for_result(r, &nobody, os::forever);
}

void continue_with(result_state* r, continuation* then) noexcept {
  r->then = then;
  std::uint32_t now = r->state.load(std::memory_order_acquire);
  while ((now & result_state::done) == 0)
    if (r->state.compare_exchange_weak(now, now | result_state::continued, std::memory_order_acq_rel,
                                       std::memory_order_acquire))
      return;
  then->act(then, r);
}

std::exception_ptr dropped_exception() { return std::make_exception_ptr(task_dropped()); }

void throw_outcome(outcome how, const std::exception_ptr* thrown) {
  if (how == outcome::exception) std::rethrow_exception(*thrown);
  if (how == outcome::dropped) throw task_dropped();
  throw std::future_error(std::future_errc::broken_promise);
}

void throw_no_state() { throw std::future_error(std::future_errc::no_state); }

}  // namespace curfew::inline v1::detail
