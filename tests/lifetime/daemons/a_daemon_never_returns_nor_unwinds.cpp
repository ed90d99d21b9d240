// SPDX-License-Identifier: Apache-2.0
// A frozen daemon is frozen, not unwound: none of its destructors runs, no catch block is entered, also in a wait of
// curfew's own and in a cancellation point.
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <condition_variable>
#include <mutex>

static curfew_test::speaking last("static destroyed");

template <class Wait>
static void stand(Wait wait) {
  const curfew_test::speaking automatic("an automatic object of a daemon was destroyed");
  try {
    for (;;) wait();
  } catch (...) {
    std::puts("a daemon was unwound");
    throw;
  }
}

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer holds signals back from a thread inside sched_yield()");
  static curfew::thread other({.daemon = true},
                              [] { stand([] { std::this_thread::sleep_for(std::chrono::hours(1)); }); });
  curfew::thread sleeps({.daemon = true}, [] {
    stand([] { static_cast<void>(curfew::this_thread::sleep_for(std::chrono::hours(1))); });
  });
  curfew::thread joins({.daemon = true}, [] { stand([] { other.join_for(std::chrono::hours(1)); }); });
  curfew::thread pauses({.daemon = true}, [] { stand([] { ::pause(); }); });
  curfew::thread waits({.daemon = true}, [] {
    std::mutex m;
    std::condition_variable c;
    std::unique_lock lock(m);
    stand([&] { c.wait(lock); });
  });
  curfew::thread spins({.daemon = true}, [] { stand([] { curfew::this_thread::yield(); }); });
  const auto all_inside = [&] {
    for (const auto& t : curfew::enumerate())
      if (t.state == curfew::thread_state::starting) return false;
    return true;
  };
  CHECK(curfew_test::eventually(all_inside));
}
