// SPDX-License-Identifier: Apache-2.0
// ThreadTests and ThreadJoinOnShutdown of CPython's test_threading.py: the rows about fork.
//! args: {case}
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <python/rows.hpp>
#include <support/child.hpp>

using curfew_test::eventually;
using curfew_test::gate;
using curfew_test::status_of_child;
using namespace std::chrono_literals;

/// Forks; the child runs `body` and exits with what it returns.
template <class Body>
static int status_of(Body body) {
  const pid_t child = fork();
  if (child == 0) std::exit(body());
  return status_of_child(child);
}

//! case: ThreadTests.test_dummy_thread_after_fork
//! out: child saw 1 thread: 0
ROW(ThreadTests, test_dummy_thread_after_fork) {
  static gate asked;
  static gate end;
  std::thread foreign([] {
    (void)curfew::current();
    asked.open();
    end.wait();
  });
  asked.wait();
  CHECK(curfew::active_count() == 2);
  std::printf("child saw 1 thread: %d\n", status_of([] { return curfew::active_count() == 1 ? 0 : 10; }));
  end.open();
  foreign.join();
  return 0;
}

//! case: ThreadTests.test_is_alive_after_fork
//! seconds: 0..30
//! out: 20 of 20
ROW(ThreadTests, test_is_alive_after_fork) {
  int well = 0;
  for (int i = 0; i < 20; ++i) {
    curfew::thread t([=] {
      if (i % 2 == 0) std::this_thread::sleep_for(2ms);
    });
    well += status_of([&] { return t.is_alive() ? 11 : 10; }) == 10;
    t.join();
    CHECK(!t.is_alive());
  }
  std::printf("%d of 20\n", well);
  return 0;
}

static int check_main() {
  const auto main = curfew::main_thread();
  CHECK(main.kind == curfew::thread_kind::main);
  CHECK(main.native_id == getpid());
  CHECK(curfew::current().number == main.number);
  CHECK(curfew::current().kind == curfew::thread_kind::main);
  CHECK(curfew::enumerate().size() == 1);
  CHECK(!curfew::this_thread::is_daemon());
  std::puts("child: this is main, alone");
  return 5;
}

//! case: ThreadTests.test_main_thread_after_fork
//! out: child: this is main, alone
//! out: child ended with 5
ROW(ThreadTests, test_main_thread_after_fork) {
  std::printf("child ended with %d\n", status_of(check_main));
  return 0;
}

//! case: ThreadTests.test_main_thread_after_fork_from_nonmain_thread
//! out: child: this is main, alone
//! out: child ended with 5
ROW(ThreadTests, test_main_thread_after_fork_from_nonmain_thread) {
  curfew::thread t([] { std::printf("child ended with %d\n", status_of(check_main)); });
  t.join();
  return 0;
}

//! case: ThreadTests.test_main_thread_after_fork_from_foreign_thread
//! out: child: this is main, alone
//! out: child: regular ended
//! out: child ended with 5
ROW(ThreadTests, test_main_thread_after_fork_from_foreign_thread) {
  std::thread t([] {
    std::printf("child ended with %d\n", status_of([] {
                  const int status = check_main();
                  curfew::thread([] {
                    CHECK(eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
                    std::puts("child: regular ended");
                  }).detach();
                  return status;
                }));
  });
  t.join();
  return 0;
}

// The same, when the foreign thread had an entry of its own before.
//! case: ThreadTests.test_main_thread_after_fork_from_dummy_thread
//! out: child: this is main, alone
//! out: child ended with 5
ROW(ThreadTests, test_main_thread_after_fork_from_dummy_thread) {
  std::thread t([] {
    CHECK(curfew::current().kind == curfew::thread_kind::foreign);
    std::printf("child ended with %d\n", status_of(check_main));
    CHECK(curfew::current().kind == curfew::thread_kind::foreign);
  });
  t.join();
  return 0;
}

//! case: ThreadTests.test_native_id_after_fork
//! out: child: another id: 0
//! out: parent: the same as before
ROW(ThreadTests, test_native_id_after_fork) {
  const auto before = curfew::current().native_id;
  std::printf("child: another id: %d\n", status_of([=] {
                const auto now = curfew::current().native_id;
                return now == getpid() && now != before ? 0 : 10;
              }));
  if (curfew::current().native_id == before) std::puts("parent: the same as before");
  return 0;
}

// The regular thread joins main, and main has gone to its end.
static void start_one_that_joins_main() {
  curfew::thread([] {
    curfew::join_main_thread();
    std::this_thread::sleep_for(100ms);
    std::puts("end of thread");
  }).detach();
  std::puts("end of main");
}

//! case: ThreadJoinOnShutdown.test_1_join_on_shutdown
//! out: end of main
//! out: end of thread
ROW(ThreadJoinOnShutdown, test_1_join_on_shutdown) {
  start_one_that_joins_main();
  return 0;
}

//! case: ThreadJoinOnShutdown.test_2_join_in_forked_process
//! out: end of main
//! out: end of thread
//! out: child ended with 0
ROW(ThreadJoinOnShutdown, test_2_join_in_forked_process) {
  const pid_t child = fork();
  if (child == 0) {
    start_one_that_joins_main();
    return 0;
  }
  std::printf("child ended with %d\n", status_of_child(child));
  return 0;
}

//! case: ThreadJoinOnShutdown.test_3_join_in_forked_from_thread
//! out: the old main is over
//! out: end of main
//! out: end of thread
//! out: child ended with 0
ROW(ThreadJoinOnShutdown, test_3_join_in_forked_from_thread) {
  curfew::thread t([] {
    std::printf("child ended with %d\n", status_of([] {
                  CHECK(curfew::main_thread().number == curfew::current().number);
                  if (curfew::active_count() == 1) std::puts("the old main is over");
                  start_one_that_joins_main();
                  return 0;
                }));
  });
  t.join();
  return 0;
}

//! case: ThreadJoinOnShutdown.test_reinit_tls_after_fork
//! seconds: 0..30
//! out: 16 of 16
ROW(ThreadJoinOnShutdown, test_reinit_tls_after_fork) {
  static std::atomic<int> well{0};
  curfew::thread_scope all;
  for (int i = 0; i < 16; ++i) {
    all.start([] {
      well += status_of([] {
                return curfew::current().native_id == getpid() && curfew::active_count() == 1 ? 50 : 51;
              }) == 50;
    });
  }
  all.join();
  std::printf("%d of 16\n", well.load());
  return 0;
}

//! case: ThreadJoinOnShutdown.test_clear_threads_states_after_fork
//! out: child is alone: 0
ROW(ThreadJoinOnShutdown, test_clear_threads_states_after_fork) {
  static gate end;
  curfew::thread_scope all;
  for (int i = 0; i < 16; ++i) all.start([] { end.wait(); });
  CHECK(curfew::active_count() == 17);
  std::printf("child is alone: %d\n", status_of([] {
                const auto c = curfew::counts();
                return c.live == 1 && c.daemon == 0 && curfew::enumerate().size() == 1 ? 0 : 10;
              }));
  end.open();
  all.join();
  return 0;
}
