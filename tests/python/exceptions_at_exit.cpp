// SPDX-License-Identifier: Apache-2.0
// ThreadingExceptionTests, ExceptHookTests and InterruptMainTests of CPython's test_threading.py: the rows that need a
// process of their own.
//! args: {case}
#include <curfew/exception_hook.hpp>
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <python/rows.hpp>

#include <csignal>
#include <exception>
#include <stdexcept>

#include <fcntl.h>

using curfew_test::error_of;
using curfew_test::eventually;
using curfew_test::gate;
using curfew_test::say;
using curfew_test::speaking;
using namespace std::chrono_literals;

static void throws() { throw std::runtime_error("unused"); }

// stderr is closed before the thread is made, or while it runs: nobody can be told, and nothing breaks.
//! case: ThreadingExceptionTests.test_print_exception_stderr_is_none_1
//! out: went on
ROW(ThreadingExceptionTests, test_print_exception_stderr_is_none_1) {
  CHECK(close(STDERR_FILENO) == 0);
  curfew::thread t(throws);
  t.join();
  CHECK(t.exception() != nullptr);
  std::puts("went on");
  return 0;
}

//! case: ThreadingExceptionTests.test_print_exception_stderr_is_none_2
//! out: went on
ROW(ThreadingExceptionTests, test_print_exception_stderr_is_none_2) {
  static gate closed;
  curfew::thread t([] {
    closed.wait();
    throws();
  });
  CHECK(std::freopen("/dev/full", "w", stderr) != nullptr);
  CHECK(close(STDERR_FILENO) == 0);
  // What is opened next must not be written to for it.
  const int other = open("/dev/full", O_RDONLY);
  CHECK(other == STDERR_FILENO);
  closed.open();
  t.join();
  CHECK(t.exception() != nullptr);
  std::puts("went on");
  return 0;
}

// `throw;` with no exception is std::terminate in every C++ thread: no hook can stand in for what does not exist.
//! case: ThreadingExceptionTests.test_bare_raise_in_brand_new_thread
//! status: 7
//! out: terminated
ROW(ThreadingExceptionTests, test_bare_raise_in_brand_new_thread) {
  std::set_terminate([] {
    say("terminated");
    _exit(7);
  });
  curfew::set_exception_hook([](const curfew::thread_exception&) { say("the hook was called"); });
  curfew::thread t([] { throw; });
  t.join();
  return 0;
}

// A foreign thread's entry at the end of the process: silence.
//! case: ThreadingExceptionTests.test_dummy_thread_on_interpreter_shutdown
//! out: static destroyed
ROW(ThreadingExceptionTests, test_dummy_thread_on_interpreter_shutdown) {
  static speaking last("static destroyed");
  static gate asked;
  std::thread([] {
    CHECK(curfew::current().kind == curfew::thread_kind::foreign);
    asked.open();
    std::this_thread::sleep_for(100h);
  }).detach();
  asked.wait();
  return 0;
}

// Ctrl-C while the exit waits: the wait is broken off, and the status says so (Python's says 0: a defect).
//! case: ThreadingExceptionTests.test_keyboard_interrupt_during_threading_shutdown
//! env: CURFEW_EXIT=second_signal_after=0
//! signal: INT after main ends
//! signal: INT after asked
//! status: 130
//! out: main ends
//! out: asked
//! err~ .*second signal.*status 130.*
ROW(ThreadingExceptionTests, test_keyboard_interrupt_during_threading_shutdown) {
  curfew::exit_on_signals();
  curfew::thread([] {
    CHECK(eventually([] { return curfew::exit_phase() == curfew::phase::draining && curfew::exit_requested(); }));
    say("asked");
    std::this_thread::sleep_for(100h);
  }).detach();
  say("main ends");
  return 0;
}

//! case: ExceptHookTests.test_custom_excepthook_fail
//! status: 7
//! out: terminated
//! err* .*
//! err~ .*threading_hook failed.*
//! err* .*
ROW(ExceptHookTests, test_custom_excepthook_fail) {
  std::set_terminate([] {
    say("terminated");
    _exit(7);
  });
  curfew::set_exception_hook(
      [](const curfew::thread_exception&) { throw std::runtime_error("threading_hook failed"); });
  curfew::thread t(throws);
  t.join();
  return 0;
}

// _thread.interrupt_main is request_exit here: main, in its wait, comes back.
//! case: InterruptMainTests.test_interrupt_main_subthread
//! status: 9
//! out: main was woken
ROW(InterruptMainTests, test_interrupt_main_subthread) {
  curfew::thread t([] { curfew::request_exit(9); });
  const int status = curfew::wait_for_exit();
  std::puts("main was woken");
  return status;
}

//! case: InterruptMainTests.test_interrupt_main_mainthread
//! status: 9
//! out: main was woken
ROW(InterruptMainTests, test_interrupt_main_mainthread) {
  curfew::request_exit(9);
  const int status = curfew::wait_for_exit();
  std::puts("main was woken");
  return status;
}

// A handler that the program had set is called no more, once exit_on_signals was asked for this signal; others are.
//! case: InterruptMainTests.test_interrupt_main_with_signal_handler
//! out: own handlers called: SIGINT 0, SIGUSR1 1
ROW(InterruptMainTests, test_interrupt_main_with_signal_handler) {
  static volatile std::sig_atomic_t interrupts = 0;
  static volatile std::sig_atomic_t others = 0;
  std::signal(SIGINT, [](int) { interrupts = 1; });
  std::signal(SIGUSR1, [](int) { others = 1; });
  curfew::exit_on_signals({SIGINT});
  std::raise(SIGUSR1);
  std::raise(SIGINT);
  const int status = curfew::wait_for_exit();
  std::printf("own handlers called: SIGINT %d, SIGUSR1 %d\n", static_cast<int>(interrupts), static_cast<int>(others));
  return status;
}

// The signals' handling as the program set it stays without exit_on_signals: SIG_IGN ignores, and nothing is requested.
//! case: InterruptMainTests.test_interrupt_main_noerror
//! out: exit requested: 0
ROW(InterruptMainTests, test_interrupt_main_noerror) {
  std::signal(SIGINT, SIG_IGN);
  curfew::thread([] { std::raise(SIGINT); }).join();
  std::printf("exit requested: %d\n", curfew::exit_requested());
  return 0;
}

//! case: InterruptMainTests.test_interrupt_main_invalid_signal
//! out: -1: invalid_argument
//! out: 0: invalid_argument
//! out: 1000: invalid_argument
//! out: SIGKILL: invalid_argument
ROW(InterruptMainTests, test_interrupt_main_invalid_signal) {
  std::printf("-1: %s\n", error_of([] { curfew::exit_on_signals({-1}); }));
  std::printf("0: %s\n", error_of([] { curfew::exit_on_signals({0}); }));
  std::printf("1000: %s\n", error_of([] { curfew::exit_on_signals({1000}); }));
  std::printf("SIGKILL: %s\n", error_of([] { curfew::exit_on_signals({SIGKILL}); }));
  return 0;
}

// A loop that waits for nothing and looks at its token is stopped by a signal.
//! case: InterruptMainTests.test_can_interrupt_tight_loops
//! signal: INT after looping
//! seconds: 0..8
//! out: looping
//! out: the loop saw it
ROW(InterruptMainTests, test_can_interrupt_tight_loops) {
  curfew::exit_on_signals();
  curfew::thread t([](std::stop_token stop) {
    say("looping");
    while (!stop.stop_requested()) {
    }
    std::puts("the loop saw it");
  });
  return curfew::wait_for_exit();
}
