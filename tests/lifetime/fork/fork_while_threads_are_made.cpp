// SPDX-License-Identifier: Apache-2.0
// fork again and again while other threads start, end, name and list threads: each child works and ends.
//! out: 40 children ended well
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>
#include <support/sanitizers.hpp>

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer does not support threads in the child of a process that had threads");
  if (curfew_test::address_sanitizer)
    curfew_test::skip("AddressSanitizer's allocator may be locked for ever in the child of a process with threads");
  std::atomic<bool> stop{false};
  curfew::thread_scope noise;
  for (int i = 0; i < 2; ++i) {
    noise.start([&] {
      while (!stop) {
        curfew::thread t([] { curfew::this_thread::set_name("renamed"); });
        (void)curfew::enumerate();
        t.join();
      }
    });
  }
  int well = 0;
  for (int i = 0; i < 40; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      if (curfew::active_count() != 1) _exit(1);
      std::atomic<bool> ran{false};
      curfew::thread t([&] { ran = true; });
      t.join();
      if (!ran) _exit(2);
      std::exit(42);
    }
    if (curfew_test::status_of_child(child) == 42) ++well;
  }
  stop = true;
  noise.join();
  std::printf("%d children ended well\n", well);
}
