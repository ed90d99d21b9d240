// SPDX-License-Identifier: Apache-2.0
// A thread_local object of the main thread that is made before its first thread is still there while that thread is
// waited for, and is destroyed before the statics.
//! out: regular ended, the object is there
//! out: thread_local of main destroyed
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static std::atomic<bool> is_there{false};

struct used_by_a_thread {
  used_by_a_thread() { is_there = true; }
  ~used_by_a_thread() {
    is_there = false;
    std::puts("thread_local of main destroyed");
  }
  void touch() {}
};

int main() {
  static thread_local used_by_a_thread object;
  object.touch();
  curfew::thread regular([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::printf("regular ended, the object is %s\n", is_there ? "there" : "gone");
  });
}
