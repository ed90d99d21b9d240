// SPDX-License-Identifier: Apache-2.0
// In a static destructor: starting a thread and joining a frozen daemon are errors, at once and for every kind of join;
// joining one that has ended works.
//! seconds: 0..8
//! out: start a regular: exit_in_progress
//! out: start a daemon: exit_in_progress
//! out: start a jthread: exit_in_progress
//! out: join the frozen one: exit_in_progress
//! out: join_for the frozen one: exit_in_progress
//! out: join_until the frozen one: exit_in_progress
//! out: join the one that ended: no error
//! out: join the regular one: no error
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

using curfew_test::error_of;

static curfew_test::speaking first("static destroyed");
static curfew::thread frozen;
static curfew::thread ended;
static curfew::thread regular;

struct joins {
  ~joins() {
    std::printf("start a regular: %s\n", error_of([] { curfew::thread t([] { std::puts("ran"); }); }));
    std::printf("start a daemon: %s\n", error_of([] { curfew::thread t({.daemon = true}, [] { std::puts("ran"); }); }));
    std::printf("start a jthread: %s\n", error_of([] { curfew::jthread t([] { std::puts("ran"); }); }));
    std::printf("join the frozen one: %s\n", error_of([] { frozen.join(); }));
    std::printf("join_for the frozen one: %s\n", error_of([] { frozen.join_for(std::chrono::seconds(10)); }));
    std::printf("join_until the frozen one: %s\n",
                error_of([] { frozen.join_until(std::chrono::system_clock::now() + std::chrono::seconds(10)); }));
    std::printf("join the one that ended: %s\n", error_of([] { ended.join(); }));
    std::printf("join the regular one: %s\n", error_of([] { regular.join(); }));
    CHECK(!curfew::find("refused").has_value());
  }
};
static joins last;

int main() {
  frozen = curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  ended = curfew::thread({.daemon = true}, [] {});
  regular = curfew::thread([] {});
  CHECK(curfew_test::eventually([] { return !ended.is_alive(); }));
}
