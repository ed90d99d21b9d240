// SPDX-License-Identifier: Apache-2.0
// Tells the service manager how the program is: the protocol of sd_notify(3), without libsystemd.
#pragma once

#include <curfew/forward.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace curfew {
inline namespace v1 {

struct service_options {
  /// Whether NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are taken out of the environment, so that no child speaks
  /// for the service. (sd_notify's `unset_environment`.)
  bool unset_environment = true;
  /// For how long after STOPPING=1 the manager's stop timeout is extended, by an EXTEND_TIMEOUT_USEC each second.
  /// Default: until `exit_options::deadline`, and 5 seconds more for the end itself; without a deadline not at all,
  /// because then nothing but the manager's own timeout (TimeoutStopSec) would end an exit that hangs.
  std::optional<std::chrono::milliseconds> extend_stop{};
};

/// Speaks to the service manager that has started the program (systemd with Type=notify, or whoever sets
/// NOTIFY_SOCKET). Declare one in `main`, before the first thread is started:
///
///     int main() {
///       curfew::service_notifier service;
///       curfew::exit_on_signals();
///       …                                       // open the database, start the threads
///       service.ready("listening on port 8080");
///       return curfew::wait_for_exit();
///     }
///
/// | when | what is sent |
/// |------|--------------|
/// | `ready(text)` | READY=1, STATUS=text |
/// | `status(text)` | STATUS=text |
/// | `reloading()`, then `ready()` when it is done | RELOADING=1, MONOTONIC_USEC=… |
/// | `request_exit`, the exit begins, or the notifier is destroyed | STOPPING=1, once |
/// | while the exit goes on | STATUS= with the hook, requests or threads it waits for; EXTEND_TIMEOUT_USEC |
/// | every third of WATCHDOG_USEC, if that is set | WATCHDOG=1, while every watched thread reports progress |
///
/// (watched_thread.hpp has the last.) From STOPPING=1 there is no way back: the manager waits for the process to end,
/// and ends it after its stop timeout. A host that calls `finish()` and then `restart()` is no longer a service: the
/// notifier is not `active` from then on.
///
/// Without NOTIFY_SOCKET, or if that is empty, every call does nothing, and no thread is made. Otherwise the
/// constructor makes a thread of curfew's own, "curfew-notify" in debuggers, which does not count as a thread of the
/// program and blocks all signals. It goes on after the notifier has been destroyed, until the process ends.
///
/// No call waits: if nobody reads the socket, a line on stderr says so once, and what is still true is sent when there
/// is room again.
///
/// Errors of the constructor: `std::system_error` with
///   - `invalid_argument` for a NOTIFY_SOCKET that is neither an absolute path nor "@" and a name, for a WATCHDOG_USEC
///     that is no number above zero, or a WATCHDOG_PID that is no number, and for a negative `extend_stop`;
///   - `filename_too_long` for one that does not fit into a socket's address;
///   - `address_family_not_supported` for "vsock:…": curfew speaks to a manager on the same machine only;
///   - `device_or_resource_busy` while another notifier exists, `exit_in_progress` once hooks have begun to run;
///   - `resource_unavailable_try_again` if there is no thread for it, or the error of `socket`.
/// A WATCHDOG_PID of another process is no error: the watchdog is not meant for this one.
///
/// Thread safety: the members may be called by many threads at once; not in signal handlers. The constructor changes
/// the environment, so no other thread may read it at that time. In the child of a fork the calls do nothing.
class CURFEW_API service_notifier {
 public:
  explicit service_notifier(const service_options& = {});
  /// Sends STOPPING=1 if it has not been sent. What the exit waits for is told after that, too.
  ~service_notifier();
  service_notifier(const service_notifier&) = delete;
  service_notifier& operator=(const service_notifier&) = delete;

  /// Does somebody listen, that is, is NOTIFY_SOCKET set?
  [[nodiscard]] bool active() const noexcept;
  /// The manager's interval (WATCHDOG_USEC); zero: there is no watchdog.
  [[nodiscard]] std::chrono::microseconds watchdog() const noexcept;

  /// A control character in a text, such as a line break, is sent as "?", and a text ends after 1000 bytes. Once
  /// STOPPING=1 has been sent these three do nothing.
  void ready(std::string_view text = {}) noexcept;
  void status(std::string_view text) noexcept;
  void reloading() noexcept;
};

}  // namespace v1
}  // namespace curfew
