// SPDX-License-Identifier: Apache-2.0
// What the manager has to be told and has not been told yet. Not thread-safe: the notifier has a lock around it.
#pragma once

#include "os/clock.hpp"
#include "service/exit_progress.hpp"
#include "service/manager_socket.hpp"

namespace curfew::inline v1::detail {

enum class service_state : unsigned char { starting, ready, reloading, stopping };

class messages {
 public:
  constexpr messages() noexcept = default;
  void set_state(service_state) noexcept;
  void set_status(const status_text&) noexcept;
  void extend_stop(std::chrono::microseconds by) noexcept { extend_by_ = by; }
  [[nodiscard]] service_state state() const noexcept { return state_; }

  [[nodiscard]] bool pending() const noexcept { return state_unsent_ || status_unsent_; }
  /// Sends it as one datagram. What is not sent stays: a state and a status are still true later. Returns `send`'s
  /// error.
  int flush(const manager_socket&) noexcept;

 private:
  service_state state_ = service_state::starting;
  bool state_unsent_ = false, status_unsent_ = false;
  std::chrono::nanoseconds reload_began_{0};
  std::chrono::microseconds extend_by_{0};
  status_text status_;
};

}  // namespace curfew::inline v1::detail
