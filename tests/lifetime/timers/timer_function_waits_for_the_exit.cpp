// SPDX-License-Identifier: Apache-2.0
// The function of a timer joins the thread that exits, which never returns: the exit does not wait for it, but for the
// other timers.
//! seconds: 0..8
//! status: 3
//! out: exits
//! out: called in phase draining
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

using namespace std::chrono_literals;

static curfew_test::speaking last("static destroyed");

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer holds signals back from a thread inside curfew's own waits");
  static curfew_test::gate joins;
  static curfew::thread worker([] {
    joins.wait();
    std::puts("exits");
    std::exit(3);
  });
  static curfew::timer once(500ms,
                            [] { std::printf("called in phase %s\n", curfew::to_string(curfew::exit_phase())); });
  static curfew::timer waits_for_exit(0s, [] {
    joins.open();
    worker.join();
    std::puts("the function came back");
  });
  std::this_thread::sleep_for(1h);
}
