// SPDX-License-Identifier: Apache-2.0
// A daemon waits for a line on stdin: the exit's stop request wakes it, and it ends within its grace. Another has no
// grace and does not listen: it is frozen in the wait. Neither sits in a lock of stdio.
//! stdin: open
//! seconds: 0..8
//! out: main ended
//! out: asked to stop
//! out: stdin is free
#include <curfew/registry.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <algorithm>

static const std::stop_token never;
static const struct last {
  ~last() {
    if (::ftrylockfile(stdin) == 0) std::puts("stdin is free");
  }
} at_the_end;

int main() {
  const curfew::thread polite({.daemon = true, .grace = std::chrono::seconds(60)}, [](std::stop_token) {
    curfew::line_reader in(STDIN_FILENO);
    while (const auto line = in.read_line()) std::puts(line->c_str());
    CHECK(!in.at_end());
    std::puts("asked to stop");
  });
  const curfew::thread unresponsive({.daemon = true}, [] {
    for (;;) (void)curfew::wait_readable(STDIN_FILENO, never);
  });
  CHECK(curfew_test::eventually([] {
    return std::ranges::count(curfew::enumerate(), curfew::thread_state::waiting, &curfew::thread_info::state) == 2;
  }));
  curfew_test::say("main ended");
}
