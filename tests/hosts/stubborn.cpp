// SPDX-License-Identifier: Apache-2.0
// A library for end_library.cpp: each function starts one thing that its host must end before it closes the library.
#include <curfew/curfew.hpp>

#include <atomic>
#include <thread>

using namespace std::chrono_literals;

namespace {

std::atomic<bool> may_end{false}, begun{false};

void until_allowed() {
  begun = true;
  while (!may_end) std::this_thread::sleep_for(1ms);
}

}  // namespace

#define EXPORTED extern "C" [[gnu::visibility("default")]]

EXPORTED void allow(bool yes) { may_end = yes; }
EXPORTED bool has_begun() { return begun; }

EXPORTED void regular() { curfew::thread({.name = "regular"}, until_allowed).detach(); }
EXPORTED void regular_with_a_token() {
  curfew::thread({.name = "listener"}, [](const std::stop_token& stop) {
    begun = true;
    curfew::event never;
    (void)never.wait(stop);
  }).detach();
}
EXPORTED void obedient_daemon() {
  curfew::thread({.name = "obedient", .daemon = true}, [] {
    begun = true;
    while (curfew::this_thread::sleep_for(1h)) {
    }
  }).detach();
}
EXPORTED void stubborn_daemon() { curfew::thread({.name = "stubborn", .daemon = true}, until_allowed).detach(); }
EXPORTED void static_handle() {
  static curfew::thread kept;
  kept = curfew::thread({.name = "kept"}, [] { begun = true; });
}
EXPORTED void timer_in_a_call() {
  static curfew::timer timer;
  timer = curfew::timer({.periodic = true}, 1ms, until_allowed);
}
EXPORTED void task_in_a_pool_of_others() {
  static std::future<void> result;
  result = curfew::recycle(until_allowed);
}
EXPORTED void adopted() {
  std::thread([] {
    const auto here = curfew::adopt({.name = "adopted"});
    until_allowed();
  }).detach();
}
EXPORTED void hooks(void (*say)(const char*)) {
  curfew::before_wait("ours", [say] {
    say("before-wait hook of the library");
    may_end = true;
  });
  curfew::after_wait("ours", [say] { say("after-wait hook of the library"); });
  regular();
}
EXPORTED void hooks_in_phases(void (*say)(const char*)) {
  curfew::in_phase("storage", "ours", [say] { say("storage"); });
  curfew::in_phase("listeners", "ours", [say] { say("listeners, added first"); });
  curfew::in_phase("listeners", "ours too", [say] { say("listeners, added last"); });
}
EXPORTED void last_hook_starts(void (*say)(const char*)) {
  static void (*tell)(const char*);
  tell = say;
  curfew::after_wait("starts", [] {
    may_end = true;
    curfew::thread({.name = "late"}, [] { std::this_thread::sleep_for(50ms); }).detach();
    static curfew::timer timer;
    timer = curfew::timer({.periodic = true}, 1ms, until_allowed);
    curfew::before_wait("late", [] { tell("late hook"); });
  });
}
EXPORTED void call(void (*function)()) {
  curfew::thread t([function] { function(); });
  t.join();
  begun = true;
}
