// SPDX-License-Identifier: Apache-2.0
// A service: it works until SIGINT or SIGTERM, finishes what it has accepted, and ends with status 0.
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

static curfew::blocking_queue<int> requests(100);

static void accept_requests(std::stop_token) {
  // The exit asks this thread to stop, because it takes a stop token; the wait then returns false at once.
  for (int id = 1; curfew::this_thread::sleep_for(20ms); ++id) requests.push(id);
}

static void serve() {
  // Takes no stop token: it ends when the queue is closed and empty, so no request is lost.
  while (auto request = requests.pop()) {
    // here the request would be answered
  }
  std::puts("server: every request is served");
}

static void write_statistics() {
  for (;;) std::this_thread::sleep_for(1s);  // never ends; the exit freezes it
}

int main() {
  curfew::exit_on_signals();  // SIGINT and SIGTERM; a second one ends the process at once

  curfew::thread server({.name = "server"}, serve);
  curfew::thread acceptor({.name = "acceptor"}, accept_requests);
  curfew::thread statistics({.name = "statistics", .daemon = true}, write_statistics);

  // Runs when the exit begins, before any thread is waited for. Without it the server would wait for ever.
  curfew::before_wait("close the queue", [] {
    std::puts("hook: no more requests");
    requests.close();
  });

  std::puts("main: serving");
  std::fflush(stdout);
  return curfew::wait_for_exit();
}
