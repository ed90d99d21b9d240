// SPDX-License-Identifier: Apache-2.0
// Halves of work: offered, taken, waited for.
#include <curfew/detail/fork_join.hpp>

#include "os/pause.hpp"
#include "pool/state.hpp"
#include "registry/registry.hpp"

#include <algorithm>
#include <utility>

namespace curfew::inline v1::detail {
namespace {

enum : std::uint32_t { open = 0, done = 1, awaited = 2 };

cut own_kind() noexcept { return inherited_daemon() ? cut::daemon : cut::waited_for; }

/// For a thread that is no worker of this pool.
fork_place* claim_from_outside(pool_state& p) noexcept {
  for (std::size_t i = p.own_places; i < p.place_count; ++i) {
    fork_place& place = p.places[i];
    if (place.claimed.load(std::memory_order_relaxed) || place.claimed.exchange(true)) continue;
    place.previous_pool = std::exchange(fork_pool, &p);
    place.previous_place = std::exchange(own_place, &place);
    return &place;
  }
  return nullptr;
}

void give_back(fork_place& place) noexcept {
  fork_pool = place.previous_pool;
  own_place = place.previous_place;
  place.claimed.store(false);
}

/// Nothing else is left to do here.
void sleep_until_done(half& h) noexcept {
  for (int i = 0; i < 200; ++i) {
    if (h.state.load(std::memory_order_acquire) == done) return;
    os::pause();
  }
  const waiting inside;
  std::uint32_t expected = open;
  h.state.compare_exchange_strong(expected, awaited, std::memory_order_acq_rel, std::memory_order_acquire);
  while (h.state.load(std::memory_order_acquire) != done) os::futex_wait(h.state, awaited);
}

}  // namespace

bool offer(pool_state& p, half& h) noexcept {
  h.place = fork_pool == &p ? own_place : nullptr;
  if (fork_pool != &p) {
    h.place = claim_from_outside(p);
    h.claimed = h.place != nullptr;
  }
  if (h.place == nullptr) return false;
  h.state.store(open, std::memory_order_relaxed);
  if (!h.place->halves.push(&h, own_kind())) return false;
  if (p.searching.load(std::memory_order_relaxed) == 0) summon_for_halves(p);
  return true;
}

bool take_back(pool_state& p, half& h) noexcept {
  const bool mine = h.place->halves.pop();
  if (!mine) {
    // While somebody does it, others' halves are done here: of the same kind, or who waits could be kept for ever.
    const cut kind = own_kind();
    while (h.state.load(std::memory_order_acquire) != done) {
      half* const other = find_half(p, kind);
      if (other == nullptr) {
        sleep_until_done(h);
        break;
      }
      do_half(other);
    }
  }
  if (h.claimed) give_back(*h.place);
  return mine;
}

void do_half(half* h) noexcept {
  h->run(h);
  // It lies on the stack of who waits for it, and may be gone as soon as it is done: only its address is used then.
  std::atomic<std::uint32_t>& state = h->state;
  if (state.exchange(done, std::memory_order_acq_rel) == awaited) os::futex_wake(state, 1);
}

void do_half_as(worker& w, half* h, cut kind) noexcept {
  if (kind == cut::daemon) become_daemon(w);
  do_half(h);
  if (kind == cut::daemon) become_regular(w);
}

half* find_half(pool_state& p, cut kind) noexcept {
  for (std::size_t i = 0; i < p.place_count; ++i) {
    fork_deque& halves = p.places[i].halves;
    if (halves.looks_empty()) continue;
    if (half* const found = halves.steal(kind)) return found;
  }
  return nullptr;
}

bool somebody_offers(const pool_state& p) noexcept {
  for (std::size_t i = 0; i < p.place_count; ++i)
    if (!p.places[i].halves.looks_empty()) return true;
  return false;
}

void summon_for_halves(pool_state& p) noexcept {
  const bool sleeps = p.sleeping.load(std::memory_order_relaxed) != 0;
  if (!sleeps && !p.may_grow.load(std::memory_order_relaxed)) return;
  worker* wake = nullptr;
  bool start = false;
  {
    const lock_pool lock(p);
    wake = unpark_locked(p);
    if (wake == nullptr && p.may_grow.load(std::memory_order_relaxed)) {
      ++p.total;
      add_searching_locked(p, 1);
      find_out_growth_locked(p);
      start = true;
    }
  }
  wake_worker(wake);
  if (!start) return;
  try {
    start_worker(p);
  } catch (...) {  // NOLINT(bugprone-empty-catch): who offers does it all
  }
}

std::size_t part_size(const pool_state& p, std::size_t items) noexcept {
  const std::size_t parts = std::min<std::size_t>(p.limit + 1, p.place_count) * 16;
  return std::max<std::size_t>(1, items / parts);
}

}  // namespace curfew::inline v1::detail
