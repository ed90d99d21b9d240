// SPDX-License-Identifier: Apache-2.0
// A service as notify.py wants it: notifying WHAT [ARGUMENT].
#include <curfew/curfew.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <thread>

#include <unistd.h>

using namespace std::chrono_literals;

namespace {

curfew::request_counter requests;
curfew::readiness ready;
std::atomic<bool> worker_may_end{false};

void say(const char* line) {
  std::puts(line);
  std::fflush(stdout);
}

/// Until the driver has seen what it wants to see: it writes a line.
void wait_for_a_line() {
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
  }
}

int serve(std::string_view what) {
  curfew::service_notifier service;
  curfew::exit_on_signals();
  curfew::thread worker, request;
  if (what == "drains") {
    worker = curfew::thread({.name = "writer"}, [] {
      while (!worker_may_end) std::this_thread::sleep_for(1ms);
    });
    request = curfew::thread({.name = "request"}, [] {
      const curfew::request_in_flight here(requests);
      wait_for_a_line();
    });
    curfew::before_wait("drain the listener", [] {
      curfew::drain_listener(
          {.ready = &ready, .pre_stop_delay = 300ms, .stop_accepting = [] { say("stops"); }, .requests = &requests});
    });
    curfew::after_wait("last", [] { say("after the wait"); });
    // The exit waits for the writer until the driver has read that.
    curfew::thread({.name = "driver", .daemon = true}, [] {
      while (requests.in_flight() == 0) std::this_thread::sleep_for(1ms);
      while (requests.in_flight() != 0) std::this_thread::sleep_for(1ms);
      wait_for_a_line();
      worker_may_end = true;
    });
  } else if (what == "hangs") {
    curfew::thread({.name = "stuck"}, [] {
      for (;;) std::this_thread::sleep_for(1h);
    });
  } else if (what == "stalls") {
    curfew::thread({.name = "loop"}, [] {
      curfew::watched_thread watched("loop");
      for (int i = 0; i < 20; ++i) {
        watched.progress();
        std::this_thread::sleep_for(20ms);
      }
      say("hangs");
      for (;;) std::this_thread::sleep_for(1h);
    });
  } else if (what == "floods") {
    for (int i = 0; i < 5000; ++i) service.status(std::to_string(i));
  }
  ready.set(true);
  service.ready("ready");
  say(service.active() ? "active" : "not active");
  if (what == "returns") return 3;
  if (what == "restarts") {
    curfew::finish();
    curfew::restart();
    service.ready("again");
    say(service.active() ? "active" : "not active");
    wait_for_a_line();
    return 4;
  }
  return curfew::wait_for_exit();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return serve(argc > 1 ? argv[1] : "");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
