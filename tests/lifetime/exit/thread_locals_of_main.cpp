// SPDX-License-Identifier: Apache-2.0
// main's own thread_local objects are destroyed before the statics, and may use curfew. One that was made after
// curfew was first used goes before the exit begins to wait.
//! out: thread_local of main: 1 or more threads, error: none
//! out: regular ended
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

struct uses_curfew {
  ~uses_curfew() {
    const char* const error = curfew_test::error_of([] {
      CHECK(curfew::current().number == 0);
      (void)curfew::enumerate();
    });
    if (!curfew::enumerate().empty())
      std::printf("thread_local of main: 1 or more threads, error: %s\n",
                  std::string_view(error) == "no error" ? "none" : error);
  }
  void touch() {}
};

int main() {
  curfew::thread regular([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("regular ended");
  });
  static thread_local uses_curfew l;
  l.touch();
}
