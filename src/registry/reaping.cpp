// SPDX-License-Identifier: Apache-2.0
#include "registry/reaping.hpp"

#include "os/clock.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"
#include "registry/registry.hpp"

#include <algorithm>
#include <chrono>

namespace curfew::inline v1::detail {
namespace {

constexpr auto none = static_cast<std::uint32_t>(reaping::none);
constexpr auto under_way = static_cast<std::uint32_t>(reaping::under_way);
constexpr auto done = static_cast<std::uint32_t>(reaping::done);

/// The right to join the OS thread; given back, also when the thread that has it is cancelled.
class claim {
 public:
  explicit claim(record& r) noexcept : record_(r) {
    std::uint32_t expected = none;
    have_ = r.reaped.compare_exchange_strong(expected, under_way);
  }
  ~claim() {
    if (have_) set(none);
  }
  claim(const claim&) = delete;
  claim& operator=(const claim&) = delete;
  explicit operator bool() const noexcept { return have_; }
  void take_over() noexcept { have_ = true; }

  /// The OS thread is gone: nothing of it is left but what handles can ask.
  void reaped() noexcept {
    {
      const lock_registry lock;
      remove_locked(record_);
    }
    have_ = false;
    set(done);
    note_change();
    // It may live as long as the module does, as a static of it, and gives out nothing that the thread has left.
    if (record_.handle.load() == handle_state::detached) release_modules(record_);
    release(&record_);  // the OS thread's own
  }

 private:
  void set(std::uint32_t value) noexcept {
    record_.reaped.store(value);
    if (record_.sleepers.load() != 0) os::futex_wake(record_.reaped);
  }

  record& record_;
  bool have_;
};

/// Counted before it looks at the word again, in the kernel; who changes the word looks at the count afterwards.
class asleep {
 public:
  explicit asleep(record& r) noexcept : record_(r) { r.sleepers.fetch_add(1); }
  ~asleep() { record_.sleepers.fetch_sub(1); }
  asleep(const asleep&) = delete;
  asleep& operator=(const asleep&) = delete;

 private:
  record& record_;
};

}  // namespace

bool is_reaped(const record& r) noexcept { return r.reaped.load() == done; }

bool try_reap(record& r) noexcept {
  if (is_reaped(r)) return true;
  if (r.over.load() == 0) return false;
  claim mine(r);
  if (!mine) {
    // A signal handler that has interrupted join_directly on this very thread and called exit: it never goes back
    // there, and the OS thread's end is seen by its absence.
    os::task_status status;
    if (!::pthread_equal(r.joiner.load(), ::pthread_self()) || os::read_task(r.cell.tid.load(), status)) return false;
    mine.take_over();
  } else if (!os::try_join(r.pthread.load())) {
    return false;
  }
  mine.reaped();
  return true;
}

bool join_directly(record& r) {
  claim mine(r);
  if (!mine) return false;
  r.joiner.store(::pthread_self(), std::memory_order_relaxed);  // read by a signal handler on this thread
  const bool joined = ::pthread_join(r.pthread.load(), nullptr) == 0;
  r.joiner.store(pthread_t{}, std::memory_order_relaxed);
  if (joined) mine.reaped();
  return joined;
}

bool sleep_until_over(record& r, steady_time deadline) noexcept {
  const asleep counted(r);
  return os::futex_wait(r.over, 0, deadline) || r.over.load() != 0;
}

bool reap(record& r, steady_time deadline) {
  using std::chrono::microseconds;
  for (unsigned tries = 0;;) {
    const std::uint32_t state = r.reaped.load();
    if (state == done) return true;
    if (state == none && deadline == os::forever) {
      // It is over: what is left of it takes microseconds.
      claim mine(r);
      if (mine && ::pthread_join(r.pthread.load(), nullptr) == 0) mine.reaped();
      continue;
    }
    if (try_reap(r)) return true;
    if (os::now_steady() >= deadline) return false;
    const asleep counted(r);
    if (state == under_way)
      os::futex_wait(r.reaped, state, deadline);
    else
      os::futex_wait(r.reaped, none, std::min(deadline, os::now_steady() + microseconds(20 << std::min(tries++, 6U))));
  }
}

void reap_unreaped() noexcept {
  for (;;) {
    record_ref unreaped(nullptr);
    {
      const lock_registry lock;
      // The newest may be the calling thread itself, which cannot be joined yet.
      record* r = first_locked(listed::unreaped);
      while (r != nullptr && (r == own_record_if_known() || r->reaped.load() != none)) r = r->next;
      unreaped = record_ref(r);
    }
    if (unreaped.get() == nullptr || !try_reap(*unreaped)) return;
  }
}

}  // namespace curfew::inline v1::detail
