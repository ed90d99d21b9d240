// SPDX-License-Identifier: Apache-2.0
#include "service/watch_list.hpp"

#include "os/defer.hpp"
#include "os/lock.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <system_error>

namespace curfew::inline v1 {
namespace {

using namespace detail;

constexpr std::int64_t paused = std::numeric_limits<std::int64_t>::max();

constinit os::lock list_mutex;
constinit watched_thread* first = nullptr;

class locked {
 public:
  locked() noexcept { list_mutex.acquire(); }
  ~locked() { list_mutex.release(); }
  locked(const locked&) = delete;
  locked& operator=(const locked&) = delete;

 private:
  os::no_freeze unfrozen_;
};

std::int64_t now_ns() noexcept { return std::chrono::nanoseconds(os::now_steady().time_since_epoch()).count(); }

/// Bumped in the child of a fork, where the other threads' objects are gone, and nobody takes them out.
constinit std::uint32_t process = 0;

void handle_forks() {
  static const int once = ::pthread_atfork([] { list_mutex.acquire(); }, [] { list_mutex.release(); },
                                           [] {
                                             first = nullptr;
                                             ++process;
                                             list_mutex.release();
                                           });
  static_cast<void>(once);
}

}  // namespace

void watch_list::add(watched_thread& one) {
  handle_forks();
  const locked lock;
  one.process_ = process;
  one.next_ = first;
  if (first != nullptr) first->previous_ = &one;
  first = &one;
}

void watch_list::remove(watched_thread& one) noexcept {
  const locked lock;
  if (one.process_ != process) return;
  (one.previous_ != nullptr ? one.previous_->next_ : first) = one.next_;
  if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
}

watch_list::stalled watch_list::find_stalled(std::chrono::nanoseconds limit, steady_time now) noexcept {
  stalled worst;
  std::chrono::nanoseconds worst_beyond{0};
  const locked lock;
  for (const watched_thread* one = first; one != nullptr; one = one->next_) {
    const std::int64_t last = one->last_.load();
    if (last == paused) continue;
    const std::chrono::nanoseconds since = now.time_since_epoch() - std::chrono::nanoseconds(last);
    const auto beyond = since - (one->limit_ != std::chrono::nanoseconds(0) ? one->limit_ : limit);
    if (beyond <= worst_beyond) continue;
    worst_beyond = beyond;
    worst.name.clear();
    worst.name << one->name_;
    worst.since = since;
  }
  return worst;
}

watched_thread::watched_thread(std::string_view name, std::chrono::milliseconds limit)
    : last_(now_ns()), limit_(std::min<std::chrono::milliseconds>(limit, std::chrono::hours(24 * 366))) {
  if (limit < std::chrono::milliseconds(0))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "curfew: watched_thread: a negative limit");
  std::memcpy(name_, name.data(), std::min(name.size(), sizeof name_ - 1));
  watch_list::add(*this);
}

watched_thread::~watched_thread() { watch_list::remove(*this); }

void watched_thread::progress() noexcept { last_.store(now_ns()); }

void watched_thread::pause() noexcept { last_.store(paused); }

}  // namespace curfew::inline v1
