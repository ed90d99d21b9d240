// SPDX-License-Identifier: Apache-2.0
// Halves of work: offered, taken, waited for.
#include <curfew/detail/fork_join.hpp>

#include "os/pause.hpp"
#include "pool/state.hpp"
#include "registry/registry.hpp"

#include <algorithm>
#include <future>
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
    place.previous_root = std::exchange(fork_root, static_cast<root>(i - p.own_places + 1));
    return &place;
  }
  return nullptr;
}

void give_back(fork_place& place) noexcept {
  fork_pool = place.previous_pool;
  own_place = place.previous_place;
  fork_root = place.previous_root;
  place.claimed.store(false);
}

bool is_done(const half& h) noexcept { return h.state.load(std::memory_order_acquire) == done; }
/// Whoever does it belongs to the parent of this process.
bool is_lost(const half& h) noexcept { return h.place->halves.has_lost(h) && !is_done(h); }

/// Until somebody else has done it, or it is lost.
void wait_for(half& h) noexcept {
  if (is_lost(h)) return;
  for (int i = 0; i < 200; ++i) {
    if (is_done(h)) return;
    os::pause();
  }
  waiting inside;
  for (;;) {
    std::uint32_t seen = open;
    if (!h.state.compare_exchange_strong(seen, awaited) && seen == done) return;
    // When that thread exits, it must not wait for this one. Should it not be known yet, it makes us look again.
    inside.for_thread(h.taker.load());
    os::futex_wait(h.state, awaited);
  }
}

/// 1 + the number of the calling thread.
std::uint64_t own_mark() noexcept {
  try {
    return own_record().number + 1;
  } catch (...) {  // no memory for that of a foreign thread
    return 0;
  }
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
  h.taker.store(0, std::memory_order_relaxed);
  h.root = fork_root;
  if (!p.has_halves.load(std::memory_order_relaxed)) p.has_halves.store(true, std::memory_order_relaxed);
  if (!h.place->halves.push(&h, own_kind())) return false;
  if (p.searching.load(std::memory_order_relaxed) == 0) wake_for_halves(p);
  return true;
}

bool take_back(pool_state& p, half& h) {
  struct leaver {
    half& h;
    ~leaver() {
      if (h.claimed) give_back(*h.place);
    }
  } const left{h};
  if (h.place->halves.pop()) return true;
  {
    // Also when another's half ends this thread.
    struct waiter {
      half& h;
      ~waiter() { wait_for(h); }
    } const waits{h};
    // While somebody does it, other halves are done here: of the same kind, or who waits could be kept for ever. On a
    // thread from outside only those that have come of its own call: it may hold a lock that others' want.
    const cut kind = own_kind();
    const bool is_workers = h.place < &p.places[p.own_places];
    const root whose = is_workers ? any_root : fork_root;
    while (!is_done(h) && !is_lost(h)) {
      half* const other = find_half(p, kind, whose);
      if (other == nullptr) break;
      do_half(other);
    }
  }
  return is_lost(h);
}

void withdraw(half& h) noexcept {
  if (!h.place->halves.pop()) wait_for(h);
  if (h.claimed) give_back(*h.place);
}

std::exception_ptr broken_exception() noexcept {
  return std::make_exception_ptr(std::future_error(std::future_errc::broken_promise));
}

void do_half(half* h) {
  // It lies on the stack of who waits for it, and may be gone as soon as it is done: only its address is used then.
  struct finisher {
    os::futex_word& state;
    ~finisher() {
      if (state.exchange(done, std::memory_order_acq_rel) == awaited) os::futex_wake(state, 1);
    }
  } const end{h->state};
  h->taker.store(own_mark());
  // Sequentially consistent with `wait_for`: it sees who does it, or we see that it is awaited.
  std::uint32_t seen = awaited;
  if (h->state.load() == awaited && h->state.compare_exchange_strong(seen, open)) os::futex_wake(h->state, 1);
  struct inside {
    root outer;
    ~inside() { fork_root = outer; }
  } const left{std::exchange(fork_root, h->root)};
  h->run(h);
}

void do_half_as(worker& w, half* h, cut kind) {
  const unsigned generation = w.generation;
  if (kind == cut::daemon) become_daemon(w);
  do_half(h);
  if (kind == cut::daemon && generation == w.pool.generation) become_regular(w);
}

half* find_half(pool_state& p, cut kind, root whose) noexcept {
  if (!p.has_halves.load(std::memory_order_relaxed)) return nullptr;
  for (std::size_t i = 0; i < p.place_count; ++i) {
    fork_deque& halves = p.places[i].halves;
    if (halves.looks_empty()) continue;
    if (half* const found = halves.steal(kind, whose)) return found;
  }
  return nullptr;
}

bool somebody_offers(const pool_state& p) noexcept {
  if (!p.has_halves.load(std::memory_order_relaxed)) return false;
  for (std::size_t i = 0; i < p.place_count; ++i)
    if (!p.places[i].halves.looks_empty()) return true;
  return false;
}

void wake_for_halves(pool_state& p) noexcept {
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
