// SPDX-License-Identifier: Apache-2.0
// The requests in flight, and the order in which a listener goes down.
#pragma once

#include <curfew/forward.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <curfew/detail/function.hpp>

namespace curfew {
inline namespace v1 {

class readiness;

/// How many requests are in flight. It has to outlive them, so it is best static. Thread-safe.
class CURFEW_API request_counter {
 public:
  constexpr request_counter() noexcept = default;
  request_counter(const request_counter&) = delete;
  request_counter& operator=(const request_counter&) = delete;

  [[nodiscard]] std::size_t in_flight() const noexcept { return word_.load() & ~waited_for; }
  /// Waits until there is none. Returns false if `limit` passes first. A stop request does not end this wait.
  bool wait_until_none(std::chrono::nanoseconds limit) noexcept;

 private:
  friend class request_in_flight;
  static constexpr std::uint32_t waited_for = 1U << 31;  ///< set if a thread may wait

  std::atomic<std::uint32_t> word_{0};
};

/// One request, from when it is accepted until its answer is written:
///
///     void handle(request r) { const curfew::request_in_flight here(requests); … }
class CURFEW_API request_in_flight {
 public:
  explicit request_in_flight(request_counter& counter) noexcept : counter_(counter) { counter_.word_.fetch_add(1); }
  ~request_in_flight();
  request_in_flight(const request_in_flight&) = delete;
  request_in_flight& operator=(const request_in_flight&) = delete;

 private:
  request_counter& counter_;
};

/// What `drain_listener` does, in this order.
struct listener_drain {
  /// 1. Set to false. Null: there is none.
  readiness* ready = nullptr;
  /// 2. For so long the service still accepts requests, so that load balancers see that it is not ready any more.
  /// (Kubernetes needs a few seconds to take a pod out of its endpoints.)
  std::chrono::milliseconds pre_stop_delay{0};
  /// 3. Called once: closes the listening socket, tells the server to stop. Empty: nothing to do.
  std::function<void()> stop_accepting{};
  /// 4. Waited for until it is none. Null: there is none.
  request_counter* requests = nullptr;
  /// For how long they are waited for. An exit's deadline ends the process earlier. Negative: without limit.
  std::chrono::milliseconds limit{30000};
};

/// Takes a listener down in the order that a rolling update needs: unready, pre-stop delay, stop accepting, drain.
/// Returns how many requests were still in flight when the limit had passed; 0: all were answered.
///
/// Call it in a `before_wait` hook, so that it happens however the program ends, or in `main` behind
/// `wait_for_exit()`:
///
///     curfew::before_wait("drain the listener", [] {
///       curfew::drain_listener({.ready = &ready, .pre_stop_delay = 5s, .stop_accepting = [] { server.stop(); },
///                               .requests = &requests});
///     });
///
/// While it waits, a `service_notifier` sends what it waits for as STATUS=. A second signal of `exit_on_signals()`
/// ends the process in the middle of it.
///
/// Errors: `std::system_error` with `invalid_argument` for a negative `pre_stop_delay`. If `stop_accepting` throws, the
/// requests are waited for as well, and then the exception goes on.
CURFEW_API std::size_t drain_listener(const listener_drain&);

}  // namespace v1
}  // namespace curfew
