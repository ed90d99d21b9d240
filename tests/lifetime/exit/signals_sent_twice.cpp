// SPDX-License-Identifier: Apache-2.0
// exit_on_signals: signals that follow each other closely are one request; a later one is the second.
//! args: {case}
//! case: at_once
//! out: saved
//! case: three_of_two_kinds
//! out: saved
//! case: second_request
//! out: asked
//! err~ .*second signal.*status 143.*
//! status: 143
//! case: second_request_sent_twice
//! out: asked
//! out: printed and not flushed
//! err~ .*second signal.*status 143.*
//! status: 143
//! case: every_one_counts
//! env: CURFEW_EXIT=second_signal_after=0
//! err~ .*second signal.*status 130.*
//! status: 130
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <csignal>
#include <string>

static void send(int signal) { CHECK(::kill(::getpid(), signal) == 0); }
static void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

int main(int, char** arguments) {
  static const std::string which = arguments[1];  // the worker outlives main
  curfew::exit_on_signals();
  if (which == "second_request" || which == "second_request_sent_twice") {
    // Long after the first, so that a busy machine does not matter.
    curfew::set_exit_options({.second_signal_after = std::chrono::milliseconds(100)});
    send(SIGTERM);
    pause_ms(300);
    curfew_test::say("asked");
    if (which == "second_request_sent_twice") std::puts("printed and not flushed");
    send(SIGTERM);
    if (which == "second_request_sent_twice") send(SIGTERM);
    for (;;) pause_ms(1000);
  }
  curfew::thread worker([&](const std::stop_token& stop) {
    send(SIGTERM);
    // Of two that wait to be delivered the kernel takes the one with the lower number first.
    if (which == "every_one_counts") CHECK(curfew_test::eventually([&] { return stop.stop_requested(); }));
    if (which != "at_once") send(SIGINT);  // two of one kind may be one
    if (which != "every_one_counts") send(SIGTERM);
    CHECK(curfew_test::eventually([&] { return stop.stop_requested(); }));
    if (which == "every_one_counts") pause_ms(5000);
    std::puts("saved");
  });
  return curfew::wait_for_exit();
}
