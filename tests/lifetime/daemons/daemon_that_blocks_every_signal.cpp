// SPDX-License-Identifier: Apache-2.0
// A daemon that blocks every signal. sigfillset leaves out those that the C library keeps for itself, and it is frozen
// like any other. One that goes past the C library cannot be frozen: then no static destructor runs beside it; stdio is
// written out, the process ends with its own status, within seconds, and stderr says why.
//! case: through the C library
//! args: library
//! seconds: 0..8
//! status: 3
//! out: main ended
//! out: printed and not flushed
//! out: static destroyed
//! case: past the C library
//! args: kernel
//! seconds: 0..8
//! status: 3
//! out: main ended
//! out: printed and not flushed
//! err~ .*"unresponsive".*
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <csignal>
#include <cstdint>
#include <cstring>

#include <sys/syscall.h>
#include <unistd.h>

static curfew_test::gate blocked;
static std::atomic<long> ticks{0};

struct watches {
  ~watches() {
    const long before = ticks;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts(before == ticks ? "static destroyed" : "a static is destroyed beside a running daemon");
  }
};
static watches last;

int main(int, char** argv) {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer has to defer signals: another one is used then");
  const bool past_the_library = std::strcmp(argv[1], "kernel") == 0;
  curfew::thread daemon({.name = "unresponsive", .daemon = true}, [=] {
    sigset_t all;
    sigfillset(&all);
    const std::uint64_t really_all = ~std::uint64_t{0};
    if (past_the_library)
      CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &really_all, nullptr, sizeof really_all) == 0);
    else
      CHECK(pthread_sigmask(SIG_SETMASK, &all, nullptr) == 0);
    blocked.open();
    for (;;) ++ticks;
  });
  blocked.wait();
  curfew_test::say("main ended");
  std::puts("printed and not flushed");
  return 3;
}
