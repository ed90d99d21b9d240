// SPDX-License-Identifier: Apache-2.0
// A regular thread has ended when its thread_local destructors have run: the exit waits for them too, and a thread that
// one of them starts.
//! out: main ended
//! out: function ended
//! out: thread_local destroyed
//! out: child of the destructor
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

struct late {
  ~late() {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    std::puts("thread_local destroyed");
    curfew::thread([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      std::puts("child of the destructor");
    }).detach();
  }
  void touch() {}
};

int main() {
  static curfew_test::gate main_ended;
  curfew::thread regular([] {
    static thread_local late l;
    l.touch();
    main_ended.wait();
    std::puts("function ended");
  });
  std::puts("main ended");
  main_ended.open();
}
