// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/barrier.hpp>

#include "sync/misuse.hpp"
#include "sync/parking.hpp"

#include <utility>

namespace curfew::inline v1 {
namespace {

const char* words_for(broken_barrier::reason why) noexcept {
  switch (why) {
    case broken_barrier::reason::aborted:
      return "curfew: the barrier was aborted";
    case broken_barrier::reason::reset:
      return "curfew: the barrier was reset";
    case broken_barrier::reason::timed_out:
      return "curfew: a thread's limit at the barrier has passed";
    case broken_barrier::reason::stopped:
      return "curfew: a thread at the barrier was asked to stop";
    case broken_barrier::reason::action_failed:
      return "curfew: the barrier's action failed";
  }
  return "curfew: the barrier is broken";
}

// What a waiter is woken with: why its round was broken, or this.
constexpr std::uint32_t passed = 0;

}  // namespace

broken_barrier::broken_barrier(reason why) : std::runtime_error(words_for(why)), why_(why) {}
broken_barrier::~broken_barrier() = default;

struct barrier::arrival {
  enum class role : unsigned char { refused, early, one_of_them, last };
  role as;
  reason why = reason::aborted;  ///< when refused
  std::ptrdiff_t index = 0;
  std::uint64_t round = 0;
};

barrier::barrier(std::ptrdiff_t parties, std::function<void()> action, std::optional<std::chrono::nanoseconds> timeout)
    : parties_(parties), action_(std::move(action)), timeout_(timeout) {
  if (parties < 1) detail::misuse(std::errc::invalid_argument, "curfew: barrier: parties must be at least 1");
  if (timeout && timeout->count() < 0)
    detail::misuse(std::errc::invalid_argument, "curfew: barrier: the timeout must not be negative");
}

barrier::~barrier() { detail::end_of_addresses({this, arrival_address()}, "a barrier"); }

/// Under the lock: the round is over. Everybody who waits is to be woken with the same word, and who came too early may
/// come in.
void barrier::end_round_locked(state next, detail::at_address& here, detail::woken_places& waiters,
                               detail::woken_places& early) noexcept {
  here.take(this, detail::all_of_them, waiters);
  here.take(arrival_address(), detail::all_of_them, early);
  state_ = next;
  come_ = 0;
  ++round_;
}

void barrier::break_round_locked(reason why, detail::at_address& here, detail::woken_places& waiters,
                                 detail::woken_places& early) noexcept {
  why_ = why;
  end_round_locked(state::broken, here, waiters, early);
}

barrier::arrival barrier::arrive(detail::parking_place& place) noexcept {
  detail::at_address here(this);
  switch (state_) {
    case state::broken:
      return {arrival::role::refused, why_};
    case state::acting:
      here.link(place, arrival_address());
      return {arrival::role::early};
    case state::filling:
      break;
  }
  arrival a{arrival::role::one_of_them, {}, come_++, round_};
  if (come_ < parties_) {
    here.link(place, this);
  } else {
    a.as = arrival::role::last;
    state_ = state::acting;
  }
  return a;
}

/// The last one's part. Nobody is released before the action is over.
void barrier::act(std::uint64_t round) {
  try {
    if (action_) action_();
  } catch (...) {
    end_action(round, true);
    throw;
  }
  if (const auto broken = end_action(round, false)) throw broken_barrier(*broken);
}

std::optional<broken_barrier::reason> barrier::end_action(std::uint64_t round, bool failed) noexcept {
  detail::woken_places waiters, early;
  {
    detail::at_address here(this);
    if (round_ != round) return why_;  // broken meanwhile
    if (failed)
      break_round_locked(reason::action_failed, here, waiters, early);
    else
      end_round_locked(state::filling, here, waiters, early);
  }
  waiters.wake(failed ? static_cast<std::uint32_t>(reason::action_failed) : passed);
  early.wake();
  return {};
}

/// A waiter's limit has passed, or it was asked to stop. False: the round went its way before that.
bool barrier::give_up(detail::parking_place& place, detail::wait_end ended) noexcept {
  const reason why = ended == detail::wait_end::stopped ? reason::stopped : reason::timed_out;
  detail::woken_places waiters, early;
  {
    detail::at_address here(this);
    if (!detail::at_address::is_linked(place)) return false;
    // All have come: a limit is kept by then, and only a stop request still breaks the round.
    if (ended == detail::wait_end::timed_out && state_ == state::acting) return false;
    here.withdraw(place);
    break_round_locked(why, here, waiters, early);
  }
  waiters.wake(static_cast<std::uint32_t>(why));
  early.wake();
  return true;
}

/// Why the round was broken, or `passed`. It is thrown one level up: each level that an exception leaves costs time.
std::uint32_t barrier::wait_for_the_others(detail::parking_place& place, detail::stop_choice stop,
                                           detail::steady_time deadline) {
  for (;;) {
    const detail::wait_end ended = place.sleep(stop, deadline);
    if (ended == detail::wait_end::ready) break;
    if (give_up(place, ended))
      return static_cast<std::uint32_t>(ended == detail::wait_end::stopped ? reason::stopped : reason::timed_out);
    if (ended == detail::wait_end::stopped) {
      place.leave(ended);  // it is being woken
      break;
    }
    deadline = detail::steady_time::max();
  }
  return place.message();
}

std::ptrdiff_t barrier::wait_until_steady(detail::stop_choice stop, detail::steady_time deadline) {
  for (;;) {
    detail::parking_place place;
    const arrival a = arrive(place);
    switch (a.as) {
      case arrival::role::refused:
        throw broken_barrier(a.why);
      case arrival::role::last:
        act(a.round);
        return a.index;
      case arrival::role::one_of_them:
        if (const std::uint32_t word = wait_for_the_others(place, stop, deadline); word != passed)
          throw broken_barrier(static_cast<reason>(word));
        return a.index;
      case arrival::role::early:
        break;
    }
    const detail::wait_end ended = place.sleep_and_leave(stop, deadline);
    if (ended != detail::wait_end::ready)
      throw broken_barrier(ended == detail::wait_end::stopped ? reason::stopped : reason::timed_out);
  }
}

void barrier::abort() noexcept {
  detail::woken_places waiters, early;
  {
    detail::at_address here(this);
    if (state_ == state::broken) return;
    break_round_locked(reason::aborted, here, waiters, early);
  }
  waiters.wake(static_cast<std::uint32_t>(reason::aborted));
  early.wake();
}

void barrier::reset() noexcept {
  detail::woken_places waiters, early;
  {
    detail::at_address here(this);
    if (state_ == state::acting) return;
    end_round_locked(state::filling, here, waiters, early);
  }
  waiters.wake(static_cast<std::uint32_t>(reason::reset));
  early.wake();
}

bool barrier::broken() const noexcept {
  const detail::at_address here(this);
  return state_ == state::broken;
}

std::ptrdiff_t barrier::n_waiting() const noexcept {
  const detail::at_address here(this);
  return come_;
}

}  // namespace curfew::inline v1
