// SPDX-License-Identifier: Apache-2.0
// Which threads the service manager's watchdog is about.
#pragma once

#include <curfew/forward.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace curfew {
inline namespace v1 {

/// While it exists, the watchdog of a `service_notifier` is fed only if `progress()` is called often enough:
///
///     curfew::thread worker([] {
///       curfew::watched_thread watched("worker");
///       for (watched.pause(); auto job = jobs.pop(); watched.pause()) { watched.progress(); run(*job); }
///     });
///
/// If the last call is longer ago than `limit`, WATCHDOG=1 is withheld until the next one, STATUS= names the thread,
/// and so does a line on stderr. The manager then ends the service (systemd by SIGABRT) when its own interval has
/// passed: between one and two intervals after the last progress. Once the exit is behind its wait for threads, what
/// ends it are its own limits, and watched threads no longer count.
///
/// A thread may have several, and an object may be passed to another thread; `limit` zero means WATCHDOG_USEC.
/// Without a watchdog it costs a store for each call. An error: a negative `limit` throws `std::system_error` with
/// `invalid_argument`. A name is cut after 63 bytes.
///
/// Thread safety: any thread may call the members; `progress()` and `pause()` are async-signal-safe.
class CURFEW_API watched_thread {
 public:
  explicit watched_thread(std::string_view name, std::chrono::milliseconds limit = std::chrono::milliseconds(0));
  ~watched_thread();
  watched_thread(const watched_thread&) = delete;
  watched_thread& operator=(const watched_thread&) = delete;

  void progress() noexcept;
  /// The thread has nothing to do: it counts as well until the next `progress()`.
  void pause() noexcept;

 private:
  friend struct watch_list;

  watched_thread* previous_ = nullptr;
  watched_thread* next_ = nullptr;
  std::atomic<std::int64_t> last_;  ///< nanoseconds of the steady clock; the largest value: paused
  std::chrono::nanoseconds limit_;
  std::uint32_t process_ = 0;  ///< which of the processes that fork made it belongs to
  char name_[64] = {};
};

}  // namespace v1
}  // namespace curfew
