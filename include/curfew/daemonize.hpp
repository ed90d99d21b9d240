// SPDX-License-Identifier: Apache-2.0
// Into the background, in the way of daemon(7), for programs that no service manager starts. (A daemon here is a
// process; curfew's daemon threads are something else.)
#pragma once

#include <curfew/forward.hpp>

#include <optional>
#include <string_view>

namespace curfew {
inline namespace v1 {

struct daemonize_options {
  /// The file that the daemon writes its process id into, and keeps locked (flock) as long as it lives; a second start
  /// fails. It is removed at the exit, behind almost everything else. One that is left behind, after a crash say, is no
  /// obstacle: the lock counts. Empty: none.
  std::string_view pid_file{};
  /// Where the daemon runs. A relative `pid_file` still means the folder of before. Empty: where it was started.
  std::string_view directory = "/";
  /// Its file mode mask. Nothing: as it was.
  std::optional<unsigned> umask = 022;
  /// Whether stdout and stderr stay what they are, for a log that the shell has opened. Otherwise they are /dev/null
  /// from `ready()` on. stdin always is, from the beginning.
  bool keep_output = false;
};

class daemonized;
[[nodiscard]] CURFEW_API daemonized daemonize(const daemonize_options&);

/// What `daemonize` returns, in the daemon.
class CURFEW_API daemonized {
 public:
  daemonized(daemonized&& other) noexcept;
  ~daemonized();
  daemonized(const daemonized&) = delete;
  daemonized& operator=(const daemonized&) = delete;

  /// The daemon is ready: the process that the shell waits for ends with status 0. Once; a second call does nothing.
  void ready() noexcept;

 private:
  friend daemonized daemonize(const daemonize_options&);
  explicit daemonized(int starter, bool keep_output) noexcept : starter_(starter), keep_output_(keep_output) {}

  int starter_;
  bool keep_output_;
};

/// Goes on in a process of its own, in the background: two forks, a session of its own without a terminal, `directory`,
/// `umask`, the pid file. Call it first in `main`, before any thread is started, and so before `exit_on_signals()` and
/// `service_notifier`:
///
///     int main() {
///       auto daemon = curfew::daemonize({.pid_file = "/run/server.pid"});
///       curfew::exit_on_signals();
///       …                                  // open the sockets; until here errors still go to the terminal
///       daemon.ready();                    // now the shell goes on, with $? = 0
///       return curfew::wait_for_exit();
///     }
///
/// It returns in the daemon only. The process that called it waits until `ready()`, and ends with 0. If the daemon ends
/// before that, it says so on stderr and ends with the daemon's status; with 1 if that is 0, and with 128+n after
/// signal n. It ends by _exit, that is, without destructors and exit handlers; stdio is written out before the fork.
/// Signal handlers, the signal mask and open descriptors stay what they are.
///
/// Errors, all before anything is forked: `std::system_error` with
///   - `operation_not_permitted` if the process has another thread, which would not exist in the daemon, or is a daemon
///     already;
///   - `device_or_resource_busy` if another process has locked the pid file: the message names it;
///   - `invalid_argument` for a path that contains a NUL; otherwise the error of the system, with the path.
/// After the forks, in the daemon, where stderr still is what it was: the error of writing the pid file.
///
/// Not thread-safe, and not for signal handlers.
CURFEW_API daemonized daemonize(const daemonize_options& = {});

}  // namespace v1
}  // namespace curfew
