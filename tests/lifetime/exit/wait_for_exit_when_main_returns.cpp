// SPDX-License-Identifier: Apache-2.0
// wait_for_exit returns when the exit begins, whoever has begun it: in a regular thread, which would otherwise be
// waited for without end, and in a hook. Without a request its status is that of std::exit, or 0.
//! case: a regular thread
//! args: return
//! status: 5
//! out: regular: 0
//! out: static destroyed
//! case: std::exit
//! args: exit
//! status: 6
//! out: regular: 6
//! out: static destroyed
//! case: a hook
//! args: hook
//! status: 5
//! out: hook: 0
//! out: static destroyed
//! case: finish
//! args: finish
//! status: 5
//! out: regular: 0
//! out: finished
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <string_view>

static curfew_test::speaking last("static destroyed");

int main(int, char** argv) {
  const std::string_view mode = argv[1];
  if (mode == "hook") {
    curfew::before_wait("waits", [] { std::printf("hook: %d\n", curfew::wait_for_exit()); });
    return 5;
  }
  static curfew_test::gate begun;
  curfew::thread regular([] {
    begun.open();
    std::printf("regular: %d\n", curfew::wait_for_exit());
  });
  begun.wait();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // it is likely to sleep by now; either way it returns
  if (mode == "exit") std::exit(6);
  if (mode == "finish") {
    curfew::finish();
    std::puts("finished");
  }
  return 5;
}
