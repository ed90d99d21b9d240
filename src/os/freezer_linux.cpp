// SPDX-License-Identifier: Apache-2.0
// The freezer's side: who is asked, and how often. What the asked do is in freeze_linux.cpp.
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/clock.hpp"
#include "os/freeze.hpp"
#include "os/freeze_answers_linux.hpp"
#include "os/signal_linux.hpp"
#include "os/spin_locks.hpp"
#include "os/tasks.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>

namespace curfew::inline v1::detail::os {
namespace {

using std::chrono::microseconds;

// A thread that has refused so often gets a timer.
constexpr std::uint32_t hard_to_interrupt = 2;

// Notes in freeze_cell::asked_at, besides the count of refusals.
constexpr std::uint32_t never_asked = ~0U;
constexpr std::uint32_t is_gone = ~0U - 1;

// A thread that has deferred it, and was found in so many new waits for others, will not give its lock back: whom it
// waits for is frozen, or exits (an interpreter's lock that is two locks).
constexpr std::uint32_t most_futile_waits = 12;

/// What the freezer knows of one thread between two looks.
enum class look { frozen, gone, waiting, not_asked };

look look_at(freeze_cell& cell, bool ask, bool note) noexcept {
  if (is_frozen(cell)) return look::frozen;
  const pid_t tid = cell.tid.load();
  if (!ask) return thread_exists(tid) ? look::waiting : look::gone;  // it may have ended without taking the signal
  if (note) note_call(tid, cell.call);
  switch (send_freeze_signal(tid, &cell)) {
    case delivery::no_such_thread:
      return look::gone;
    case delivery::not_sent:
      return look::not_asked;
    case delivery::sent:
      break;
  }
  return look::waiting;
}

}  // namespace

freezer::freezer(std::span<freeze_cell* const> cells, bool may_be_thawed) noexcept
    : cells_(cells), may_be_thawed_(may_be_thawed) {
  answers.cell_count.store(0);
  answers.cells.store(cells.data());
  answers.cell_count.store(cells.size());
  answers.freezer.store(::gettid());
  for (freeze_cell* cell : cells_) {
    cell->deferred.store(false);
    cell->refused.store(0);
    cell->spin_locks = 0;
    cell->place = nullptr;
    cell->order.store(static_cast<std::uint32_t>(freeze_order::freeze));
    cell->asked_at = never_asked;
  }
}

freezer::~freezer() {
  for (freeze_cell* cell : cells_)
    if (const int timer = cell->timer.exchange(no_timer); timer != no_timer) delete_signal_timer(timer);
}

unsigned freezer::wait(steady_time until) noexcept {
  for (;; ++passes_) {
    const std::uint32_t seen = answers.given.load();
    answers.all_in.store(0);
    unsigned left = 0, holders = 0;
    // A thread that has deferred it freezes by itself, unless what it waits for never comes. Seldom, and less and less
    // often.
    const bool ask_those_too = has_new_holders_ || (passes_ >= 4 && std::has_single_bit(passes_));
    for (freeze_cell* cell : cells_) {
      if (cell->asked_at == is_gone) continue;
      if (ask_those_too && cell->deferred.load() && order_of(*cell) == freeze_order::freeze)
        cell->asked_at = never_asked;
      // Asked again only after it has answered: the signals would pile up.
      const std::uint32_t refused = cell->refused.load();
      const bool ask = cell->asked_at != refused;
      switch (look_at(*cell, ask, may_be_thawed_)) {
        case look::frozen:
          holders += cell->held.load() ? 1 : 0;
          break;
        case look::gone:
          cell->asked_at = is_gone;
          break;
        case look::waiting:
          ++left;
          if (ask) cell->asked_at = refused;
          has_asked_ = has_asked_ || ask;
          if (!CURFEW_TSAN && refused >= hard_to_interrupt && cell->timer.load() == no_timer)
            cell->timer.store(make_signal_timer(cell->tid.load(), cell));
          break;
        case look::not_asked:  // too many signals are pending: again in the next pass
          ++left;
          break;
      }
    }
    if (left != 0) known_spin_lock_is_taken();  // to have seen them free
    has_new_holders_ = holders != holders_;
    holders_ = holders;
    const auto now = now_steady();
    if (left == 0 || now >= until) return left;
    // Woken by the last of them, not by each; or a little later each time, to ask those that refuse, and never in step
    // with a loop that is in the C library at every n-th microsecond.
    answers.expected.store(seen + left);
    if (answers.given.load() - seen < left)
      futex_wait(answers.all_in, 0, std::min(until, now + microseconds(20 + (passes_ * 37) % 180)));
  }
}

void freezer::force_one(freeze_cell& cell) noexcept {
  if (cell.asked_at == is_gone || is_frozen(cell)) return;
  cell.order.store(static_cast<std::uint32_t>(freeze_order::freeze_anyhow));
  cell.asked_at = never_asked;
}

bool freezer::has_progressed() noexcept {
  bool progress = false;
  for (freeze_cell* cell : cells_) {
    if (cell->asked_at == is_gone || is_frozen(*cell)) continue;
    task_status now;
    if (!read_task(cell->tid.load(), now)) continue;
    const bool moved = now.switches != cell->switches;
    cell->switches = now.switches;
    if (now.state != 'R' && !waits_on_futex(now) && now.call != SYS_restart_syscall)
      cell->futile_waits = 0;
    else if (now.state != 'R' && moved && cell->deferred.load())
      ++cell->futile_waits;
    const bool only_waits = may_be_thawed_ && cell->futile_waits >= most_futile_waits;
    progress = progress || (!only_waits && (now.state == 'R' || moved));
  }
  return progress;
}

void freezer::force_holders() noexcept {
  for (freeze_cell* cell : cells_)
    if (cell->deferred.load() && order_of(*cell) == freeze_order::freeze) force_one(*cell);
}

void freezer::force() noexcept {
  for (freeze_cell* cell : cells_)
    if (order_of(*cell) == freeze_order::freeze) force_one(*cell);
}

freeze_result freezer::result() const noexcept {
  freeze_result result;
  for (const freeze_cell* cell : cells_) {
    if (cell->asked_at == is_gone || (!is_frozen(*cell) && !thread_exists(cell->tid.load()))) {
      ++result.gone;
    } else if (is_frozen(*cell)) {
      ++result.frozen;
    } else {
      ++result.left;
      if (!cell->deferred.load() && cell->refused.load() == 0 &&
          (!has_asked_ || blocks_signal(cell->tid.load(), freeze_signal_for(cell->tid.load()))))
        ++result.silent;
    }
  }
  return result;
}

namespace {

void open_in(freeze_cell& cell, std::uint64_t signals) noexcept {
  cell.answered.fetch_or(signals);
  auto order = cell.order.load();
  while (order != static_cast<std::uint32_t>(freeze_order::run) &&
         !cell.order.compare_exchange_weak(order, static_cast<std::uint32_t>(freeze_order::answer))) {
  }
  futex_wake(cell.order);
}

}  // namespace

void let_answer_setuid(freeze_cell& cell) noexcept {
  std::uint64_t signals = 0;
  for (int number = 1; number <= 64; ++number)
    if (is_from_setuid(number)) signals |= std::uint64_t{1} << (number - 1);
  if (signals != 0) open_in(cell, signals);
}

bool let_answer_signals(freeze_cell& cell, asked_by whom) noexcept {
  std::uint64_t asked = signals_pending_for(cell.tid.load()) & ~cell.answered.load();
  for (int number = 1; number <= 64; ++number) {
    const bool counts = is_from_setuid(number) ||
                        (whom == asked_by::anybody && is_handled_by_program(number) && !is_for_cancelling(number));
    if (!counts) asked &= ~(std::uint64_t{1} << (number - 1));
  }
  if (asked == 0) return false;
  open_in(cell, asked);
  return true;
}

namespace {

bool has_frozen_flag(const freeze_cell& cell) noexcept { return cell.frozen.load() != 0; }

void thaw_if(std::span<freeze_cell* const> cells, steady_time until, bool (*wanted)(const freeze_cell&)) noexcept {
  for (freeze_cell* cell : cells) {
    if (has_frozen_flag(*cell) && !wanted(*cell)) continue;
    cell->order.store(static_cast<std::uint32_t>(freeze_order::run));
    futex_wake(cell->order);
  }
  const auto still_frozen = [wanted](const freeze_cell* cell) { return has_frozen_flag(*cell) && wanted(*cell); };
  while (std::ranges::any_of(cells, still_frozen) && now_steady() < until) pause_for(microseconds(50));
}

}  // namespace

void thaw(std::span<freeze_cell* const> cells, steady_time until) noexcept {
  thaw_if(cells, until, [](const freeze_cell&) { return true; });
}

void thaw_for_a_while(std::span<freeze_cell* const> cells, bool known, steady_time until) noexcept {
  if (known)
    thaw_if(cells, until, [](const freeze_cell& cell) { return cell.in_call.load() != broken_call::unknown; });
  else
    thaw_if(cells, until, [](const freeze_cell& cell) { return cell.in_call.load() == broken_call::none; });
}

}  // namespace curfew::inline v1::detail::os

#endif
