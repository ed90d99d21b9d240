// SPDX-License-Identifier: Apache-2.0
// exit_guard, and what else can happen at the end of a program.
//! args: {case}
//! case: deadline
//! env: CURFEW_EXIT=deadline=2s,report_after=-1
//! seconds: 0..5
//! status: 124
//! out: ready
//! err~ curfew: the exit has waited .* for 1 thread:
//! err~ .*"Thread-1".*
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ curfew: the exit is ended here, with status 124: its deadline of 2\.0 s has passed in phase draining
//! case: destructor_waits_for_the_frozen
//! seconds: 0..5
//! status: 124
//! out: ready
//! err~ curfew: the exit is ended here, with status 124: what main does behind its exit_guard waits for .*
//! case: on_a_worker
//! out: ready
//! out: hook
//! out: worker goes on
//! out: main goes on
//! out: static destroyed
//! status: 7
//! case: worker_exits_before
//! out: ready
//! out: hook
//! out: static destroyed
//! status: 8
//! case: foreign_exits_behind
//! out: ready
//! out: hook
//! out: foreign comes to exit
//! out: static destroyed
//! status: 9
//! case: finish_runs_meanwhile
//! out: ready
//! out: hook
//! out: static destroyed
//! status: 10
//! case: in_a_hook
//! out: ready
//! out: hook
//! out: static destroyed
//! status: 11
//! case: forked_child_goes_on
//! out: ready
//! out: hook
//! out: static destroyed
//! out: static destroyed
//! status: 12
#include <curfew/exit.hpp>
#include <curfew/exit_guard.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <sys/wait.h>

#include <mutex>
#include <string>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate begun, released;

using curfew_test::eventually;
using curfew_test::say;

static void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

static int deadline() {
  const curfew::exit_guard guard;
  curfew::thread t([] {
    for (;;) pause_ms(1000);
  });
  return 1;
}

static int destructor_waits_for_the_frozen() {
  struct local {
    std::mutex mutex;
    ~local() { const std::lock_guard lock(mutex); }
  } l;
  const curfew::exit_guard guard;
  curfew::thread({.name = "holder", .daemon = true}, [&] {
    const std::lock_guard lock(l.mutex);
    begun.open();
    for (;;) pause_ms(1000);
  });
  begun.wait();
  return 1;
}

static int on_a_worker() {
  curfew::thread worker([] {
    { const curfew::exit_guard guard; }
    say("worker goes on");
    begun.open();
  });
  begun.wait();
  say("main goes on");
  return 7;
}

static int worker_exits_before() {
  const curfew::exit_guard guard;
  curfew::thread worker([] {
    begun.open();
    std::exit(8);
  });
  CHECK(eventually([] { return curfew::exit_phase() >= curfew::phase::draining; }));
  return 1;
}

static int foreign_exits_behind() {
  struct local {
    std::thread t;
    ~local() {
      CHECK(curfew::exit_phase() == curfew::phase::frozen);
      released.open();
      begun.wait();
      pause_ms(50);
      t.detach();
    }
  } l;
  const curfew::exit_guard guard;
  l.t = std::thread([] {
    released.wait();
    say("foreign comes to exit");
    begun.open();
    std::exit(1);
  });
  return 9;
}

static int finish_runs_meanwhile() {
  const curfew::exit_guard guard;
  curfew::thread regular([] {
    begun.wait();
    pause_ms(50);
  });
  std::thread([] {
    curfew::before_wait("let main go", [] {
      begun.open();
      pause_ms(20);
    });
    curfew::finish();
    for (;;) pause_ms(1000);
  }).detach();
  begun.wait();
  return 10;
}

static int in_a_hook() {
  curfew::before_wait("guarded", [] { const curfew::exit_guard guard; });
  return 11;
}

static int forked_child_goes_on() {
  struct local {
    ~local() {
      const pid_t child = ::fork();
      int status = -1;
      if (child != 0) CHECK(::waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 12);
    }
  } l;
  const curfew::exit_guard guard;
  curfew::thread({.daemon = true}, [] {
    begun.open();
    for (;;) pause_ms(1000);
  });
  begun.wait();
  std::fflush(stdout);
  return 12;
}

int main(int, char** arguments) {
  const std::string which = arguments[1];
  say("ready");
  if (which == "deadline") return deadline();
  if (which == "destructor_waits_for_the_frozen") return destructor_waits_for_the_frozen();
  curfew::before_wait("speaks", [] { say("hook"); });
  if (which == "on_a_worker") return on_a_worker();
  if (which == "worker_exits_before") return worker_exits_before();
  if (which == "foreign_exits_behind") return foreign_exits_behind();
  if (which == "finish_runs_meanwhile") return finish_runs_meanwhile();
  if (which == "in_a_hook") return in_a_hook();
  return forked_child_goes_on();
}
