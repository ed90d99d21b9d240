// SPDX-License-Identifier: Apache-2.0
#include "sync/parking.hpp"

#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/freeze.hpp"
#include "os/small_text.hpp"
#include "registry/registry.hpp"

#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <pthread.h>
#include <unistd.h>

#include <cstdint>
#include <exception>
#include <optional>

namespace curfew::inline v1::detail {

/// Two of them to a cache line would disturb each other.
struct alignas(64) parking_bucket {
  os::lock lock;
  parking_place* first = nullptr;
  parking_place* last = nullptr;
};

namespace {

/// Constant-initialised and never destroyed: static destructors wait and wake here.
constinit parking_bucket buckets[64];

parking_bucket& bucket_of(const void* address) noexcept {
  // The low three bits stay out, so that a primitive can have several lists under one lock.
  const auto word = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address) >> 3);
  return buckets[(word * 0x9e3779b97f4a7c15U) >> 58];
}

/// Has its thread been told to freeze for good?
bool is_frozen_now(const void* cell) noexcept {
  if (cell == nullptr || !some_may_be_frozen()) return false;
  const auto& c = *static_cast<const os::freeze_cell*>(cell);
  return c.order.load() != static_cast<std::uint32_t>(os::freeze_order::run) || c.ended_itself.load();
}

/// In the child of a fork nobody waits.
[[gnu::constructor(101)]] void see_to_forks() {
  ::pthread_atfork(
      [] {
        os::no_freeze::begin();
        for (parking_bucket& b : buckets) b.lock.acquire();
      },
      [] {
        for (parking_bucket& b : buckets) b.lock.release();
        os::no_freeze::end();
      },
      [] {
        for (parking_bucket& b : buckets) {
          b.first = b.last = nullptr;
          b.lock.release();
        }
        os::no_freeze::end();
      });
}

}  // namespace

/// What a stop request does; it runs on the thread that asks.
struct place_waker {
  parking_place& place;
  void operator()() const noexcept {
    place.state_.fetch_or(parking_place::asked_to_stop);
    os::futex_wake(place.state_, 1);
  }
};

namespace {

/// The registration of a wait with its token. The stop state has a lock of its own, which counts like a program's: who
/// holds it is frozen only when nothing moves any more.
class stop_registration {
 public:
  stop_registration(parking_place& place, const std::stop_token& token) {
    if (!token.stop_possible()) return;
    os::defer();
    callback_.emplace(token, place_waker{place});
    os::allow();
  }
  ~stop_registration() {
    if (!callback_) return;
    os::defer();
    callback_.reset();
    os::allow();
  }
  stop_registration(const stop_registration&) = delete;
  stop_registration& operator=(const stop_registration&) = delete;

 private:
  std::optional<std::stop_callback<place_waker>> callback_;
};

}  // namespace

at_address::at_address(const void* address) noexcept : bucket_(bucket_of(address)) { bucket_.lock.acquire(); }

at_address::~at_address() { bucket_.lock.release(); }

void at_address::link(parking_place& place, const void* on, std::atomic<std::uint32_t>* count) noexcept {
  record* const self = own_record_if_known();
  place.on_ = on;
  place.linked_ = true;
  place.count_ = count;
  place.cell_ = os::own_cell();
  place.waits_for_destroyed_ = self != nullptr && self->daemon() ? &self->waits_for_destroyed : nullptr;
  place.thread_ = self != nullptr ? self->number + 1 : 0;
  place.next_ = nullptr;
  place.previous_ = bucket_.last;
  (bucket_.last != nullptr ? bucket_.last->next_ : bucket_.first) = &place;
  bucket_.last = &place;
  if (count != nullptr) count->store(count->load(std::memory_order_relaxed) + 1);
}

void at_address::unlink(parking_place& place) noexcept {
  (place.previous_ != nullptr ? place.previous_->next_ : bucket_.first) = place.next_;
  (place.next_ != nullptr ? place.next_->previous_ : bucket_.last) = place.previous_;
  if (place.count_ != nullptr) place.count_->store(place.count_->load(std::memory_order_relaxed) - 1);
  place.linked_ = false;
}

void at_address::withdraw(parking_place& place) noexcept {
  unlink(place);
  place.on_ = nullptr;
}

void at_address::take(const void* on, std::uint32_t most, woken_places& taken) noexcept {
  for (parking_place* p = bucket_.first; p != nullptr && taken.size_ < most;) {
    parking_place* const following = p->next_;
    if (p->on_ == on) {
      unlink(*p);
      if (!is_frozen_now(p->cell_)) {
        p->next_ = nullptr;
        (taken.last_ != nullptr ? taken.last_->next_ : taken.first_) = p;
        taken.last_ = p;
        ++taken.size_;
      }
    }
    p = following;
  }
}

const parking_place* at_address::first_on(const void* on) const noexcept {
  const parking_place* p = bucket_.first;
  while (p != nullptr && p->on_ != on) p = p->next_;
  return p;
}

const parking_place* at_address::first_who_is_no_daemon(const void* on) const noexcept {
  const parking_place* p = bucket_.first;
  while (p != nullptr && (p->on_ != on || p->waits_for_destroyed_ != nullptr)) p = p->next_;
  return p;
}

void woken_places::freeze_for_good() noexcept {
  for (parking_place* p = first_; p != nullptr;) {
    parking_place* const following = p->next_;
    p->waits_for_destroyed_->store(true);
    p->state_.fetch_or(parking_place::object_destroyed);
    os::futex_wake(p->state_, 1);  // to freeze where an exit knows it
    p = following;
  }
  first_ = last_ = nullptr;
}

void woken_places::wake(std::uint32_t message) noexcept {
  for (parking_place* p = first_; p != nullptr;) {
    parking_place* const following = p->next_;
    // Behind this the place may be gone. To wake who sleeps at its address is harmless, whatever lies there by then.
    const os::futex_word& word = p->state_;
    p->state_.fetch_or(parking_place::woken | message << parking_place::message_shift);
    os::futex_wake(word, 1);
    p = following;
  }
  first_ = last_ = nullptr;
}

void wake_at(const void* on, std::uint32_t most) noexcept {
  woken_places woken;
  {
    at_address here(on);
    here.take(on, most, woken);
  }
  woken.wake();
}

void parking_place::enter(const void* on, std::atomic<std::uint32_t>* count) noexcept {
  at_address(on).link(*this, on, count);
}

wait_end parking_place::sleep(stop_choice stop, steady_time deadline) {
  const waiting inside;
  std::stop_token own;
  if (stop == nullptr) {
    if (own_record_if_known() != nullptr) own = this_thread::get_stop_token();  // nobody asks a foreign thread
    stop = &own;
  }
  const stop_registration registered(*this, *stop);
  while (state_.load(std::memory_order_acquire) == 0 && os::futex_wait_for_signal(state_, 0, deadline)) {
  }
  const std::uint32_t state = state_.load(std::memory_order_acquire);
  if ((state & object_destroyed) != 0) freeze_this_thread();
  if ((state & woken) != 0) return wait_end::ready;
  return (state & asked_to_stop) != 0 ? wait_end::stopped : wait_end::timed_out;
}

wait_end parking_place::leave(wait_end end) noexcept {
  if (is_woken()) return wait_end::ready;
  {
    at_address here(on_);
    if (at_address::is_linked(*this)) {
      here.withdraw(*this);
      return end;
    }
  }
  // Taken out already: whoever did it is about to wake it, or to freeze it.
  for (;;) {
    const std::uint32_t state = state_.load(std::memory_order_acquire);
    if ((state & object_destroyed) != 0) freeze_this_thread();
    if ((state & woken) != 0) return wait_end::ready;
    os::futex_wait_for_signal(state_, state);
  }
}

namespace {

using end_text = os::small_text<512>;

/// Who it is: `one_more` is 1 + the thread's number, 0 for a foreign thread.
void append_waiter(end_text& line, std::uint64_t one_more) noexcept {
  if (one_more == 0) {
    line << "a foreign thread";
    return;
  }
  line << "the thread ";
  {
    const lock_registry lock;
    for (const record* r = first_locked(listed::live); r != nullptr; r = r->next)
      if (r->number == one_more - 1 && !r->name.empty()) line.quoted(r->name.substr(0, 100)) << " ";
  }
  line << "(#" << one_more - 1 << ")";
}

[[noreturn]] void end_program(const char* what, std::uint64_t who) noexcept {
  end_text line;
  line << "curfew: " << what << " is destroyed while ";
  append_waiter(line, who);
  line << " waits on it\n";
  os::write_all(STDERR_FILENO, line.view());
  std::terminate();
}

void report_frozen_waiters(const char* what, std::uint64_t who, std::size_t how_many) noexcept {
  end_text line;
  line << "curfew: " << what << " is destroyed while ";
  append_waiter(line, who);
  line << ", a daemon, waits on it";
  if (how_many > 1) line << ", and " << how_many - 1 << " more";
  line << ": frozen there for good; what daemons use should be static, or stand before a curfew::exit_guard\n";
  os::write_all(STDERR_FILENO, line.view());
}

}  // namespace

std::size_t end_of_addresses(std::initializer_list<const void*> all, const char* what) noexcept {
  const bool silent = exit_phase() == phase::frozen;
  std::uint64_t first = 0;
  std::size_t frozen = 0;
  for (const void* const on : all) {
    woken_places daemons;
    std::optional<std::uint64_t> wrong;
    {
      at_address here(on);
      const parking_place* const other = here.first_who_is_no_daemon(on);
      if (other != nullptr && !silent) wrong = at_address::thread_of(*other);
      if (const parking_place* const daemon = here.first_on(on); frozen == 0 && daemon != nullptr)
        first = at_address::thread_of(*daemon);
      if (!wrong) here.take(on, all_of_them, daemons);
    }
    if (wrong) end_program(what, *wrong);
    if (silent) continue;
    frozen += daemons.size();
    daemons.freeze_for_good();
  }
  if (frozen != 0) note_change();  // an exit that has begun does not wait for them any more
  if (frozen != 0) report_frozen_waiters(what, first, frozen);
  return frozen;
}

void end_of_address(const void* on, const char* what) noexcept { end_of_addresses({on}, what); }

bool daemons_are_frozen() noexcept { return exit_phase() == phase::frozen; }

bool only_frozen_are_inside(std::chrono::steady_clock::time_point since) noexcept {
  return daemons_are_frozen() ||
         (exit_now.frozen.load() != 0 && std::chrono::steady_clock::now() - since >= std::chrono::milliseconds(100));
}

void let_others_run() noexcept { os::pause_for(std::chrono::microseconds(50)); }

bool is_on_daemon() noexcept {
  const record* const self = own_record_if_known();
  return self != nullptr && self->daemon();
}

void freeze_this_thread() noexcept { wait_for_the_end(); }

}  // namespace curfew::inline v1::detail
