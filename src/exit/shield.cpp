// SPDX-License-Identifier: Apache-2.0
// Open shields are counted in the record of their thread, so that those of a thread that has ended, or that never
// returns to what they protect, hold up nothing.
#include "exit/shields.hpp"
#include "exit/state.hpp"
#include "registry/registry.hpp"

#include <curfew/exit.hpp>

namespace curfew::inline v1 {
namespace detail {
namespace {

/// Those of threads without a record, all in all and of the calling one.
constinit std::atomic<unsigned> without_record{0};
constinit thread_local unsigned own_without_record [[gnu::tls_model("initial-exec")]] = 0;

bool has_one_open(const record* self) noexcept {
  return own_without_record != 0 || (self != nullptr && self->shields.load() != 0);
}

}  // namespace

unsigned shields_worth_waiting_for() noexcept {
  const record* const self = own_record_if_known();
  unsigned count = without_record.load() - own_without_record;
  const lock_registry lock;
  for (const record* r = first_locked(listed::live); r != nullptr; r = r->next) {
    const unsigned open = r->shields.load();
    if (r == self || open == 0 || r->is_frozen_for_good() || waits_for_the_exit_locked(*r, self)) continue;
    count += open;
  }
  return count;
}

void give_up_own_shields() noexcept {
  record* const self = own_record_if_known();
  if (!has_one_open(self)) return;
  if (self != nullptr) self->shields.store(0);
  without_record.fetch_sub(own_without_record);
  own_without_record = 0;
  note_change();
}

void reset_shields_after_fork() noexcept { without_record.store(own_without_record); }

bool open_shield() noexcept {
  initialise();
  record* const self = own_record_if_known();
  const bool inside_another = has_one_open(self);
  // Counted first, then looked at the phase; the exit moves the phase first, then looks at the count: one of the two
  // sees the other (both sequentially consistent).
  auto& count = self != nullptr ? self->shields : without_record;
  count.fetch_add(1);
  if (!inside_another && exit_now.now.load() >= phase::stopping) {
    count.fetch_sub(1);
    note_change();
    return false;
  }
  if (self == nullptr) ++own_without_record;
  return true;
}

void close_shield() noexcept {
  record* const self = own_record_if_known();
  if (!has_one_open(self)) return;  // given up meanwhile
  if (own_without_record != 0) {
    // Opened before the thread had a record; the others of the thread are as many either way.
    --own_without_record;
    without_record.fetch_sub(1);
  } else {
    self->shields.fetch_sub(1);
  }
  if (exit_now.now.load() >= phase::stopping) note_change();
}

}  // namespace detail

shield::shield() noexcept : open_(detail::open_shield()) {}

shield::~shield() {
  if (open_) detail::close_shield();
}

}  // namespace curfew::inline v1
