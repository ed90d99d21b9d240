// SPDX-License-Identifier: Apache-2.0
// Threads of curfew, as the argument says: "running" goes on, "draining" returns from main and waits for a regular
// thread, "hook" stays in a hook.
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <stop_token>
#include <string>
#include <thread>

namespace {
curfew::event never;

void say_ready() {
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  std::puts("ready");
  std::fflush(stdout);
}
}  // namespace

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "running";
  static curfew::thread writer({.name = "writer"}, [] {
    for (;;) ::sleep(1000);
  });
  curfew::thread poller({.name = "a poller with a long name", .daemon = true}, [] {
    for (;;) ::sleep(1000);
  });
  curfew::thread waiter({.name = "waiter", .daemon = true}, [] { never.wait(); });
  curfew::thread joiner({.name = "joiner", .daemon = true}, [] { writer.join(); });
  curfew::thread stubborn({.name = "stubborn", .daemon = true}, [](const std::stop_token&) {
    for (;;) ::sleep(1000);
  });
  curfew::thread unnamed([] { ::sleep(1000); });
  unnamed.detach();
  std::thread foreign([] {
    for (;;) ::sleep(1000);
  });
  foreign.detach();
  stubborn.request_stop();
  if (how == "hook")
    curfew::before_wait("close the shop", [] {
      say_ready();
      ::sleep(1000);
    });
  if (how == "running") {
    say_ready();
    ::sleep(1000);
  } else if (how != "hook") {
    curfew::thread({.name = "herald", .daemon = true}, &say_ready).detach();
  }
}
