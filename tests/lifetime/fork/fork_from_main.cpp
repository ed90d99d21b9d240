// SPDX-License-Identifier: Apache-2.0
// fork in main: the child has one thread, its handles of the others say they are over, it can start threads, and its
// own exit follows the protocol with them. The parent's threads are untouched.
//! out: child: 1 thread, number 0, kind main
//! out: child: old regular is over
//! out: child: hook
//! out: child: new regular ended
//! out: child: static destroyed
//! out: parent: child ended with 5
//! out: parent: hook
//! out: parent: regular ended
//! out: parent: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>
#include <support/sanitizers.hpp>

static const char* who = "parent";
struct last_of_all {
  ~last_of_all() { std::printf("%s: static destroyed\n", who); }
};
static last_of_all last;
static curfew_test::gate end;

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer takes a new thread in the child for one of the parent's");
  curfew::before_wait("tells", [] { std::printf("%s: hook\n", who); });
  curfew::thread regular([] {
    end.wait();
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("parent: regular ended");
  });
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  CHECK(curfew::counts().live == 3);
  curfew_test::wait_for_starting_threads();
  const pid_t child = fork();
  if (child == 0) {
    who = "child";
    const auto me = curfew::current();
    std::printf("child: %zu thread, number %llu, kind %s\n", curfew::active_count(),
                static_cast<unsigned long long>(me.number), curfew::to_string(me.kind));
    CHECK(me.native_id == getpid());
    CHECK(curfew::enumerate().size() == 1);
    CHECK(curfew::counts().daemon == 0);
    CHECK(curfew::exit_phase() == curfew::phase::running);
    CHECK(!regular.is_alive() && !daemon.is_alive());
    regular.join();
    std::puts("child: old regular is over");
    curfew::thread fresh([] {
      CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      std::puts("child: new regular ended");
    });
    curfew::thread new_daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
    return 5;
  }
  const int status = curfew_test::status_of_child(child);
  std::printf("parent: child ended with %d\n", status);
  std::fflush(stdout);
  CHECK(regular.is_alive());
  end.open();
}
