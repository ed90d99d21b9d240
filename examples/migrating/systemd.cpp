// SPDX-License-Identifier: Apache-2.0
// systemd: READY=1 when the service is up, SIGTERM to stop it, and an end before TimeoutStopSec whatever hangs.
//! case: before
//! args: before
//! out: ready
//! signal: TERM after ready
//! out: stopped
//! case: after
//! args: after
//! out: ready
//! signal: TERM after ready
//! out: stopped
//! case: after, with a thread that hangs and a deadline
//! args: after hang
//! env: CURFEW_EXIT=deadline=500ms
//! out: ready
//! signal: TERM after ready
//! out: stopped
//! err* .*
//! status: 124
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// What sd_notify(3) does, without libsystemd.
static void notify(std::string_view state) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path == nullptr || std::strlen(path) >= sizeof to.sun_path) return;
  std::memcpy(to.sun_path, path, std::strlen(path));
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  const int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  (void)!sendto(s, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&to), length);
  close(s);
}

static void ready() {
  notify("READY=1");
  std::puts("ready");
  std::fflush(stdout);
}

namespace before {
static volatile std::sig_atomic_t stop = 0;

static int run() {
  std::signal(SIGTERM, [](int) { stop = 1; });
  ready();
  while (stop == 0) usleep(10'000);
  notify("STOPPING=1");
  std::puts("stopped");  // then stop and join each thread by hand, and hope that none hangs
  return 0;
}
}  // namespace before

namespace after {
static int run(bool hang) {
  if (hang) curfew::thread({.name = "hangs"}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  curfew::exit_on_signals({SIGTERM});
  curfew::before_wait("tell systemd", [] {
    notify("STOPPING=1");
    std::puts("stopped");
  });
  ready();
  return curfew::wait_for_exit();
}
}  // namespace after

int main(int argc, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(argc > 2); }
