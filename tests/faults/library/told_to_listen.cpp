// SPDX-License-Identifier: Apache-2.0
// Static jthreads without a token that wait in curfew's own waits: an event, a queue, the daemon's with a limit; a
// daemon with a grace and no token. Right: the end asks them, and each says so. A plain daemon and a regular thread
// without a token are not asked: the first is frozen, the second ends when its sleep does.
#include <curfew/curfew.hpp>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

static curfew::event never;
static curfew::blocking_queue<int> nothing;
static std::atomic<int> waiting{0};
static curfew::jthread in_event, in_queue;

int main() {
  in_event = curfew::jthread([] {
    ++waiting;
    if (!never.wait()) std::puts("event: asked"), std::fflush(stdout);
  });
  in_event.join_for(100ms);
  in_queue = curfew::jthread([] {
    ++waiting;
    if (!nothing.pop()) std::puts("queue: asked"), std::fflush(stdout);
  });
  curfew::thread({.daemon = true}, [] {
    ++waiting;
    static_cast<void>(never.wait_for(1h));
    std::puts("daemon: woken"), std::fflush(stdout);
  });
  curfew::thread({.daemon = true, .grace = 5s}, [] {
    ++waiting;
    while (curfew::this_thread::sleep_for(1h)) continue;
    std::puts("grace: asked"), std::fflush(stdout);
  });
  curfew::thread([] {
    ++waiting;
    std::puts(curfew::this_thread::sleep_for(300ms) ? "regular: slept" : "regular: asked"), std::fflush(stdout);
  });
  while (waiting != 5) std::this_thread::sleep_for(1ms);
  in_queue.detach();  // not owned any more, and not asked by anybody: so it must be
  nothing.close();
}
