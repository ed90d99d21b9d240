// SPDX-License-Identifier: Apache-2.0
// fork in a thread: in the child that thread is the main thread; whether it exits or returns, the child's end follows
// the protocol with its own threads.
//! case: a regular thread, whose child exits
//! args: regular exit
//! out: child: main is the forking thread
//! out: child: regular ended
//! out: child: static destroyed
//! out: parent: child ended with 5
//! out: parent: static destroyed
//! case: a daemon, whose child exits
//! args: daemon exit
//! out: child: main is the forking thread
//! out: child: regular ended
//! out: child: static destroyed
//! out: parent: child ended with 5
//! out: parent: static destroyed
//! case: a foreign thread, whose child exits
//! args: foreign exit
//! out: child: main is the forking thread
//! out: child: regular ended
//! out: child: static destroyed
//! out: parent: child ended with 5
//! out: parent: static destroyed
//! case: a regular thread, whose child returns
//! args: regular return
//! out: child: main is the forking thread
//! out: child: regular ended
//! out: child: static destroyed
//! out: parent: child ended with 0
//! out: parent: static destroyed
//! case: a daemon, whose child returns
//! args: daemon return
//! out: child: main is the forking thread
//! out: child: regular ended
//! out: child: static destroyed
//! out: parent: child ended with 0
//! out: parent: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <cstring>

static const char* who = "parent";
struct last_of_all {
  ~last_of_all() { std::printf("%s: static destroyed\n", who); }
};
static last_of_all last;

static void forks(bool exits) {
  curfew_test::wait_for_starting_threads();
  const pid_t child = fork();
  if (child == 0) {
    who = "child";
    CHECK(curfew::active_count() == 1);
    const auto me = curfew::current();
    CHECK(me.number == curfew::main_thread().number);
    CHECK(me.kind == curfew::thread_kind::main);
    CHECK(me.native_id == getpid());
    CHECK(!curfew::this_thread::is_daemon());
    std::puts("child: main is the forking thread");
    curfew::thread([] {
      CHECK(!curfew::this_thread::is_daemon());
      CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      std::puts("child: regular ended");
    }).detach();
    curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
    if (exits) std::exit(5);
    return;
  }
  std::printf("parent: child ended with %d\n", curfew_test::status_of_child(child));
}

int main(int, char** argv) {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer takes a new thread in the child for one of the parent's");
  const bool exits = std::strcmp(argv[2], "exit") == 0;
  curfew::thread bystander({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  if (std::strcmp(argv[1], "foreign") == 0) {
    std::thread t(forks, exits);
    t.join();
  } else {
    curfew::thread t({.daemon = std::strcmp(argv[1], "daemon") == 0}, forks, exits);
    t.join();
  }
}
