// SPDX-License-Identifier: Apache-2.0
#include "check/memory/waits.hpp"

#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/lock.hpp"
#include "check/linux/real.hpp"
#include "check/linux/sleeping.hpp"
#include "check/memory/pages.hpp"

#include <linux/futex.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace curfew::check {
namespace {

constexpr std::uint32_t timed_flag = 0x100, parks_flag = 0x200;

/// `object` is written last and read first. `lifted`: `pages` are kept open for it.
struct place {
  std::atomic<std::uint64_t> object{0}, mutex{0};
  std::atomic<std::uint32_t> about{0}, lifted{0};
  std::uint64_t pages[4]{};
};
constinit place places[max_threads];
/// At least so many places are in use.
constinit std::atomic<int> in_use{0};
constinit lock_word lifting{0};

constinit real_function<int(pthread_cond_t*)> real_broadcast("pthread_cond_broadcast", "GLIBC_2.3.2");
[[gnu::constructor(102)]] void find_broadcast() { real_broadcast.get(); }

constexpr std::uint64_t size_of(wait_kind kind) noexcept {
  switch (kind) {
    case wait_kind::mutex:
      return sizeof(pthread_mutex_t);
    case wait_kind::condition:
    case wait_kind::destroyed_condition:
      return sizeof(pthread_cond_t);
    case wait_kind::read_lock:
    case wait_kind::write_lock:
      return sizeof(pthread_rwlock_t);
    case wait_kind::semaphore:
      return sizeof(sem_t);
    case wait_kind::barrier:
      return sizeof(pthread_barrier_t);
    case wait_kind::once:
      return sizeof(pthread_once_t);
    case wait_kind::none:
    case wait_kind::forever:
      break;
  }
  return 1;
}
wait_kind kind_of(std::uint32_t about) noexcept { return static_cast<wait_kind>(about & 0xff); }

unsigned place_count() noexcept {
  if (in_use.load() <= 0 || record == nullptr) return 0;
  return std::min(record->thread_count.load(), max_threads);
}

/// The first and last byte of what is waited on: pages are kept open by these.
struct ends {
  std::uint64_t at[4]{};
  explicit ends(const place& one) noexcept {
    const std::uint64_t object = one.object.load(), mutex = one.mutex.load();
    at[0] = object;
    at[1] = object + size_of(kind_of(one.about.load())) - 1;
    if (page_of(at[1]) == page_of(at[0])) at[1] = 0;
    at[2] = mutex;
    at[3] = mutex + sizeof(pthread_mutex_t) - 1;
    if (mutex == 0 || page_of(at[3]) == page_of(at[2])) at[3] = 0;
  }
  [[nodiscard]] bool lies_in(std::uint64_t begin, std::uint64_t end) const noexcept {
    return std::any_of(at, at + 4, [=](std::uint64_t one) { return one >= begin && one < end; });
  }
  [[nodiscard]] bool is_closed() const noexcept {
    return std::any_of(
        at, at + 4, [](std::uint64_t one) { return one != 0 && check::is_closed(reinterpret_cast<const void*>(one)); });
  }
};

void drop_locked(place& one) noexcept {
  if (one.lifted.exchange(0) == 0) return;
  for (std::uint64_t& page : one.pages)
    if (const std::uint64_t lifted = std::exchange(page, 0); lifted != 0) leave_page(lifted);
}

void lift_locked(place& one) noexcept {
  if (one.object.load() == 0 || one.lifted.load() != 0) return;
  const ends where(one);
  for (unsigned i = 0; i < 4; ++i) one.pages[i] = where.at[i] != 0 && lift_page(where.at[i]) ? page_of(where.at[i]) : 0;
  one.lifted.store(1);
  // Who leaves looks at `lifted` after that.
  if (one.object.load() == 0) drop_locked(one);
}

bool waits_in_kernel(unsigned index, std::uint64_t object, std::uint64_t mutex) noexcept {
  sleeping in;
  if (!asleep(record->threads[index].tid, in) || in.call != SYS_futex) return false;
  const auto within = [&](std::uint64_t begin) {
    return in.first_argument >= begin && in.first_argument < begin + sizeof(pthread_rwlock_t);
  };
  return within(object) || (mutex != 0 && within(mutex));
}

struct word {
  alignas(64) std::atomic<std::uint32_t> value{0};
  std::atomic<std::uint32_t> parked{0};
};
constexpr unsigned max_words = 256;
constinit word words[max_words];
constinit std::atomic<std::uint64_t> parking_count{0};

unsigned word_of(const void* object) noexcept {
  return static_cast<unsigned>(reinterpret_cast<std::uint64_t>(object) * 0x9e3779b97f4a7c15ULL >> 56) % max_words;
}

}  // namespace

noted_wait::noted_wait(wait_kind kind, const void* object, const void* mutex, bool timed, bool parks) noexcept
    : index_(known_thread()) {
  if (index_ < 0) return;
  auto& mine = places[index_];
  // A handler may have interrupted another wait.
  object_ = mine.object.load(std::memory_order_relaxed);
  mutex_ = mine.mutex.load(std::memory_order_relaxed);
  about_ = mine.about.load(std::memory_order_relaxed);
  if (object_ == 0) in_use.fetch_add(1);
  mine.mutex.store(reinterpret_cast<std::uint64_t>(mutex), std::memory_order_relaxed);
  mine.about.store(static_cast<std::uint32_t>(kind) | (timed ? timed_flag : 0) | (parks ? parks_flag : 0),
                   std::memory_order_relaxed);
  // Before the caller asks whether the exit has begun; who closes pages asks the other way round.
  mine.object.store(reinterpret_cast<std::uint64_t>(object));
}

noted_wait::~noted_wait() {
  if (index_ < 0) return;
  auto& mine = places[index_];
  mine.mutex.store(mutex_, std::memory_order_relaxed);
  mine.about.store(about_, std::memory_order_relaxed);
  mine.object.store(object_);
  if (object_ != 0) return;
  in_use.fetch_sub(1);
  if (mine.lifted.load() == 0) return;
  const lock_guard lock(lifting);
  drop_locked(mine);
}

void noted_wait::keep_open() const noexcept {
  if (index_ < 0) return;
  const lock_guard lock(lifting);
  lift_locked(places[index_]);
}

wait_facts wait_of(int index) noexcept {
  if (index < 0) return {};
  const auto& one = places[index];
  const std::uint64_t object = one.object.load();
  if (object == 0) return {};
  const std::uint32_t about = one.about.load();
  return {kind_of(about), object, (about & timed_flag) != 0, (about & parks_flag) != 0};
}

void forget_wait(int index) noexcept {
  if (index < 0 || places[index].object.load() == 0) return;
  const lock_guard lock(lifting);
  drop_locked(places[index]);
  places[index].object.store(0);
  in_use.fetch_sub(1);
}

void forget_all_waits() noexcept {
  lifting.store(0);
  const unsigned count = place_count();
  for (unsigned i = 0; i < count; ++i) {
    places[i].object.store(0);
    places[i].lifted.store(0);
  }
  in_use.store(0);
  for (auto& one : words) one.parked.store(0);
}

void stay_here() noexcept {
  const noted_wait note(wait_kind::forever, &exiting_tid, nullptr, false, true);
  const timespec long_time{1'000'000, 0};
  for (;;) kernel_call(SYS_nanosleep, &long_time, nullptr);
}

bool lies_on_closed_page(wait_kind kind, const void* object) noexcept {
  if (!exiting()) return false;
  const auto* const last = static_cast<const char*>(object) + size_of(kind) - 1;
  return is_closed(object) || is_closed(last);
}

bool let_wake(const void* object) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(object);
  const unsigned count = place_count();
  bool found = false;
  for (unsigned i = 0; i < count; ++i) {
    auto& one = places[i];
    if (one.object.load() != address || (one.about.load() & parks_flag) != 0) continue;
    if (!ends(one).is_closed()) continue;
    const lock_guard lock(lifting);
    if (one.object.load() != address) continue;
    lift_locked(one);
    found = true;
  }
  return found;
}

void let_locks_settle(unsigned at_most_ms) noexcept {
  for (unsigned waited = 0; waited < at_most_ms; ++waited) {
    bool found = false;
    const unsigned count = place_count();
    for (unsigned i = 0; i < count; ++i) {
      const auto kind = places[i].object.load() == 0 ? wait_kind::none : kind_of(places[i].about.load());
      found |= kind == wait_kind::mutex || kind == wait_kind::read_lock || kind == wait_kind::write_lock;
    }
    if (!found) return;
    const timespec shortly{0, 1'000'000};
    kernel_call(SYS_nanosleep, &shortly, nullptr);
  }
}

namespace {

/// Those who are on their way into a wait, or out of it, go on with an open page.
template <class Settled>
void keep_open_unless(std::uint64_t begin, std::uint64_t end, Settled settled) noexcept {
  const unsigned count = place_count();
  for (unsigned i = 0; i < count; ++i) {
    auto& one = places[i];
    const std::uint64_t object = one.object.load();
    if (object == 0 || (one.about.load() & parks_flag) != 0 || one.lifted.load() != 0 || !ends(one).lies_in(begin, end))
      continue;
    if (settled(i, object, one.mutex.load())) continue;
    const lock_guard lock(lifting);
    lift_locked(one);
  }
}

}  // namespace

void before_closing(std::uint64_t begin, std::uint64_t end) noexcept {
  if (place_count() == 0) return;
  unsigned tries = 20;
  keep_open_unless(begin, end, [&](unsigned index, std::uint64_t object, std::uint64_t mutex) {
    while (!waits_in_kernel(index, object, mutex)) {
      if (places[index].object.load() != object) return true;
      if (tries-- == 0) return tries = 1, false;
      const timespec shortly{0, 100'000};
      kernel_call(SYS_nanosleep, &shortly, nullptr);
    }
    return true;
  });
}

void after_closing(std::uint64_t begin, std::uint64_t end) noexcept {
  if (place_count() == 0) return;
  keep_open_unless(begin, end, &waits_in_kernel);
  // Nobody wakes those whose time runs out, and they take their mutex again: they come back now, to wait parked.
  const unsigned count = place_count();
  for (unsigned i = 0; i < count; ++i) {
    auto& one = places[i];
    const std::uint64_t object = one.object.load();
    const std::uint32_t about = one.about.load();
    if (object == 0 || kind_of(about) != wait_kind::condition || (about & timed_flag) == 0 || (about & parks_flag) != 0)
      continue;
    const ends where(one);
    if (!where.lies_in(begin, end) ||
        std::none_of(where.at, where.at + 4, [](std::uint64_t at) { return at != 0 && is_settled(at); }))
      continue;
    {
      const lock_guard lock(lifting);
      if (one.object.load() != object) continue;
      lift_locked(one);
    }
    real_broadcast.get()(reinterpret_cast<pthread_cond_t*>(object));
  }
}

parking::parking(const void* object) noexcept : place_(word_of(object)) { words[place_].parked.fetch_add(1); }
parking::~parking() { words[place_].parked.fetch_sub(1); }

std::uint32_t parking::look() const noexcept { return words[place_].value.load(); }

bool parking::sleep(std::uint32_t seen, unsigned at_most_ms, clockid_t clock, const timespec* until) const noexcept {
  std::int64_t ns = std::int64_t{at_most_ms} * 1'000'000;
  if (until != nullptr) {
    const timespec now = kernel_time(clock);
    ns = std::clamp<std::int64_t>((until->tv_sec - now.tv_sec) * 1'000'000'000 + until->tv_nsec - now.tv_nsec, 0, ns);
  }
  const timespec left{0, static_cast<long>(ns)};
  parking_count.fetch_add(1, std::memory_order_relaxed);
  const int saved = errno;
  const bool interrupted =
      kernel_call(SYS_futex, &words[place_].value, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, seen, &left, nullptr, 0) != 0 &&
      errno == EINTR;
  errno = saved;
  return !interrupted;
}

void unpark(const void* object) noexcept {
  auto& one = words[word_of(object)];
  if (one.parked.load() == 0) return;
  one.value.fetch_add(1);
  const int saved = errno;
  kernel_call(SYS_futex, &one.value, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT_MAX, nullptr, nullptr, 0);
  errno = saved;
}

std::uint64_t parkings() noexcept { return parking_count.load(std::memory_order_relaxed); }

bool has_passed(clockid_t clock, const timespec& until) noexcept {
  const timespec now = kernel_time(clock);
  return now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec);
}

}  // namespace curfew::check
