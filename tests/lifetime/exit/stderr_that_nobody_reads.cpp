// SPDX-License-Identifier: Apache-2.0
// stderr is a pipe whose reader is gone: what curfew says there is lost, and nothing else. The process is not ended by
// SIGPIPE, regular threads end their work, and the thread's signal mask and a SIGPIPE of its own stay as they are.
//! status: 5
//! case: what an exit waits for
//! args: live
//! out: regular ended
//! case: an exception in a thread
//! args: exception
//! out: signals are as before
//! case: a SIGPIPE that was pending
//! args: pending
//! out: signals are as before
//! case: the report
//! args: report
//! out: regular ended
//! case: the end by destructor_limit
//! args: limit
//! out: main ended
#include <curfew/exception_hook.hpp>
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <csignal>
#include <stdexcept>
#include <string>

#include <pthread.h>

static std::string mode;

struct slow {
  ~slow() {
    if (mode == "limit") std::this_thread::sleep_for(std::chrono::hours(1));
  }
};
static slow last;

static void break_stderr() {
  int ends[2];
  CHECK(::pipe(ends) == 0);
  ::dup2(ends[1], STDERR_FILENO);
  ::close(ends[0]);
  ::close(ends[1]);
}

static bool pending() {
  sigset_t set;
  ::sigpending(&set);
  return sigismember(&set, SIGPIPE) == 1;
}

static bool blocked() {
  sigset_t set;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &set);
  return sigismember(&set, SIGPIPE) == 1;
}

int main(int, char** argv) {
  mode = argv[1];
  break_stderr();
  if (mode == "exception" || mode == "pending") {
    const bool was = mode == "pending";
    curfew::thread([was] {
      sigset_t set;
      sigemptyset(&set);
      sigaddset(&set, SIGPIPE);
      if (was) {
        ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
        ::raise(SIGPIPE);
      }
      curfew::default_exception_hook({.exception = std::make_exception_ptr(std::runtime_error("nobody reads this"))});
      if (pending() == was && blocked() == was) std::puts("signals are as before");
    }).join();
    curfew::thread([] { throw std::runtime_error("nor this"); }).join();
    return 5;
  }
  curfew::exit_options options{.report_after = std::chrono::milliseconds(20)};
  if (mode == "report") options.report = "-";
  if (mode == "limit") options.destructor_limit = std::chrono::milliseconds(200);
  curfew::set_exit_options(options);
  if (mode == "limit") {
    curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
    std::puts("main ended");
    return 5;
  }
  curfew::thread regular([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts("regular ended");
  });
  return 5;
}
