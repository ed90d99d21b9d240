// SPDX-License-Identifier: Apache-2.0
// exit_on_signals while every thread of the program blocks the signal: it arrives all the same, also when it was
// pending before. Other signals stay where they were: pending, or with who collects them by sigwait. Children inherit
// the mask of the thread that made them.
//! case: sent
//! args: sent
//! signal: TERM after ready
//! out: ready
//! out: wait_for_exit returned 0
//! case: pending before
//! args: before
//! out: ready
//! out: wait_for_exit returned 0
//! case: two calls
//! args: two
//! signal: TERM after ready
//! out: ready
//! out: wait_for_exit returned 0
//! case: the second ends the process
//! args: second
//! env: CURFEW_EXIT=second_signal_after=0
//! signal: TERM after ready
//! signal: TERM after wait_for_exit returned 0
//! status: 143
//! out: ready
//! out: wait_for_exit returned 0
//! err~ .*second signal.*status 143.*
//! case: another is waited for
//! args: sigwait
//! signal: USR1 after ready
//! out: ready
//! out: collected SIGUSR1
//! out: wait_for_exit returned 0
//! case: children
//! args: children
//! signal: TERM after ready
//! out: child of fork: blocked
//! out: child of exec: blocked
//! out: ready
//! out: wait_for_exit returned 0
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>

#include <csignal>
#include <string_view>

#include <pthread.h>

static bool sigterm_is_blocked() {
  sigset_t set;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &set);
  return sigismember(&set, SIGTERM) == 1;
}

static void say_whether_blocked(const char* who) {
  std::printf("%s: %s\n", who, sigterm_is_blocked() ? "blocked" : "open");
  std::fflush(stdout);
}

int main(int, char** argv) {
  const std::string_view mode = argv[1];
  if (mode == "exec") {
    say_whether_blocked("child of exec");
    return 0;
  }
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  if (mode == "before") ::kill(::getpid(), SIGTERM);
  curfew::exit_on_signals({mode == "two" ? SIGINT : SIGTERM});
  if (mode == "two") curfew::exit_on_signals({SIGTERM});
  CHECK(sigterm_is_blocked());
  if (mode == "sigwait") {
    curfew::thread([] {
      sigset_t usr1;
      sigemptyset(&usr1);
      sigaddset(&usr1, SIGUSR1);
      curfew_test::say("ready");
      int number = 0;
      CHECK(sigwait(&usr1, &number) == 0 && number == SIGUSR1);
      curfew_test::say("collected SIGUSR1");
      ::kill(::getpid(), SIGTERM);
    }).detach();
  } else {
    if (mode == "children") {
      for (const char* how : {"fork", "exec"}) {
        const pid_t child = ::fork();
        if (child == 0) {
          if (std::string_view(how) == "exec") ::execl("/proc/self/exe", "exec", "exec", nullptr);
          say_whether_blocked("child of fork");
          ::_exit(0);
        }
        CHECK(curfew_test::status_of_child(child) == 0);
      }
    }
    curfew_test::say("ready");
  }
  const int status = curfew::wait_for_exit();
  std::printf("wait_for_exit returned %d\n", status);
  std::fflush(stdout);
  if (mode == "second") std::this_thread::sleep_for(std::chrono::hours(1));
  return status;
}
