// SPDX-License-Identifier: Apache-2.0
// exit_guard: main's own objects die after the daemons that use them are frozen, and after regular threads have ended.
// A witness that is destroyed behind the guard sees whether the daemon still moves.
//! args: {case}
//! case: return
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: locals die, phase frozen
//! out: static destroyed
//! status: 3
//! case: exception
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: locals die, phase frozen
//! out: caught
//! out: static destroyed
//! status: 3
//! case: end_of_an_inner_block
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: locals die, phase frozen
//! out: main goes on
//! out: starting a thread: exit_in_progress
//! out: a late hook: exit_in_progress
//! out: finish(): waited for 1, frozen 1
//! out: static destroyed
//! status: 3
//! case: two_guards
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: between the guards
//! out: locals die, phase frozen
//! out: static destroyed
//! status: 3
//! case: finish_before
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: finish(): waited for 1, frozen 1
//! out: locals die, phase frozen
//! out: static destroyed
//! status: 3
//! case: exit_while_it_lives
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: static destroyed
//! status: 4
//! case: exit_behind_it
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: locals die, phase frozen
//! out: static destroyed
//! status: 5
//! case: exit_in_a_hook
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: static destroyed
//! status: 6
//! case: wait_for_exit
//! out: ready
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: locals die, phase frozen
//! out: static destroyed
//! signal: TERM after ready
//! case: skip_destructors
//! env: CURFEW_EXIT=daemons=skip_destructors
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: locals die, phase frozen
//! status: 3
//! case: report
//! env: CURFEW_EXIT=report=-
//! out: hook
//! out: regular ended
//! out: after-wait hook
//! out: locals die, phase frozen
//! out: static destroyed
//! err~ curfew\[\d+\]: waited for: "regular".*
//! err~ curfew\[\d+\]: frozen: "user".*
//! err~ curfew\[\d+\]: exit: waited .* for 1, froze 1 in .*
//! status: 3
#include <curfew/exit.hpp>
#include <curfew/exit_guard.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

static curfew_test::speaking last("static destroyed");
static std::string which;

/// What the daemon uses, and main owns.
struct local {
  std::atomic<long> uses{0};
  ~local() {
    const long before = uses.load();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    CHECK(uses.load() == before);
    std::printf("locals die, phase %s\n", to_string(curfew::exit_phase()));
  }
};

static void start(local& l) {
  curfew::thread({.name = "user", .daemon = true}, [&l] {
    for (;;) ++l.uses;
  });
  curfew::thread({.name = "regular"}, [&l] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ++l.uses;
    std::puts("regular ended");
  });
  curfew::before_wait("before", [] {
    std::puts("hook");
    if (which == "exit_in_a_hook") std::exit(6);
  });
  curfew::after_wait("after", [] { std::puts("after-wait hook"); });
  CHECK(curfew_test::eventually([&l] { return l.uses > 0; }));
}

static void say_what_finish_says() {
  const auto report = curfew::finish();
  std::printf("finish(): waited for %zu, frozen %zu\n", report.waited_for.size(), report.frozen.size());
}

static int leave_by_exception() {
  try {
    local l;
    const curfew::exit_guard guard;
    start(l);
    throw std::runtime_error("away");
  } catch (const std::runtime_error&) {
    std::puts("caught");
    return 3;
  }
}

int main(int, char** arguments) {
  which = arguments[1];
  if (which == "exception") return leave_by_exception();
  if (which == "end_of_an_inner_block" || which == "exit_behind_it") {
    {
      local l;
      const curfew::exit_guard guard;
      start(l);
    }
    if (which == "exit_behind_it") std::exit(5);
    std::puts("main goes on");
    using curfew_test::error_of;
    std::printf("starting a thread: %s\n", error_of([] { curfew::thread t([] {}); }));
    std::printf("a late hook: %s\n", error_of([] { curfew::before_wait("late", [] {}); }));
    say_what_finish_says();
    return 3;
  }
  local l;
  const curfew::exit_guard guard;
  start(l);
  if (which == "two_guards") {
    const curfew::exit_guard outer;
    const curfew_test::speaking between("between the guards");
    const curfew::exit_guard inner;
    return 3;
  }
  if (which == "finish_before") say_what_finish_says();
  if (which == "exit_while_it_lives") std::exit(4);
  if (which == "wait_for_exit") {
    curfew::exit_on_signals();
    curfew_test::say("ready");
    return curfew::wait_for_exit();
  }
  return 3;
}
