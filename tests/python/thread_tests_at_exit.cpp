// SPDX-License-Identifier: Apache-2.0
// ThreadTests of CPython's test_threading.py: the rows about the end of a process.
//! args: {case}
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <python/rows.hpp>
#include <support/child.hpp>
#include <support/sanitizers.hpp>

#include <mutex>

#include <grp.h>
#include <sys/resource.h>

using curfew_test::error_of;
using curfew_test::eventually;
using curfew_test::gate;
using curfew_test::speaking;
using namespace std::chrono_literals;

// The status is kept while a daemon sleeps and owns an object whose destructor would call curfew too late.
//! case: ThreadTests.test_finalize_running_thread
//! status: 42
ROW(ThreadTests, test_finalize_running_thread) {
  struct calls_late {
    ~calls_late() { std::printf("a daemon unwound, %zu threads\n", curfew::active_count()); }
  };
  static gate ready;
  curfew::thread daemon({.daemon = true}, [] {
    const calls_late owned;
    ready.open();
    std::this_thread::sleep_for(100h);
  });
  ready.wait();
  std::exit(42);
}

// Whatever is called while the exit waits may ask for the current thread.
//! case: ThreadTests.test_finalize_with_trace
//! out: before-wait hook on number 0
//! out: after-wait hook on number 0
ROW(ThreadTests, test_finalize_with_trace) {
  const auto tell = [](const char* what) {
    const auto me = curfew::current();
    std::printf("%s hook on number %llu\n", what, static_cast<unsigned long long>(me.number));
    CHECK(!curfew::enumerate().empty());
  };
  curfew::before_wait("trace", [=] { tell("before-wait"); });
  curfew::after_wait("trace", [=] { tell("after-wait"); });
  curfew::thread noise({.daemon = true}, [] {
    for (;;) (void)curfew::current();
  });
  return 0;
}

//! case: ThreadTests.test_join_nondaemon_on_shutdown
//! status: 3
//! out: Woke up, sleep function is: sleep_for
ROW(ThreadTests, test_join_nondaemon_on_shutdown) {
  curfew::thread([] {
    CHECK(eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    static_cast<void>(curfew::this_thread::sleep_for(100ms));
    std::puts("Woke up, sleep function is: sleep_for");
  }).detach();
  std::exit(3);
}

//! case: ThreadTests.test_fork_at_exit
//! out: child: one thread
//! out: parent: child ended with 0
ROW(ThreadTests, test_fork_at_exit) {
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(100h); });
  CHECK(std::atexit([] {
          const pid_t child = fork();
          if (child == 0) {
            if (curfew::active_count() == 1) std::puts("child: one thread");
            return;
          }
          std::printf("parent: child ended with %d\n", curfew_test::status_of_child(child));
        }) == 0);
  return 0;
}

//! case: ThreadTests.test_main_thread_during_shutdown
//! out: current is main: 1, enumerate has main: 1
ROW(ThreadTests, test_main_thread_during_shutdown) {
  struct late {
    ~late() {
      const auto main = curfew::main_thread();
      const auto all = curfew::enumerate();
      std::printf("current is main: %d, enumerate has main: %d\n", curfew::current().number == main.number,
                  !all.empty() && all.front().number == main.number && main.kind == curfew::thread_kind::main);
    }
  };
  static late l;
  curfew::thread([] {}).join();
  return 0;
}

// bpo-36402: the wait covers thread-local destructors.
//! case: ThreadTests.test_finalization_shutdown
//! out: thread-local destroyed
//! out: static destroyed
ROW(ThreadTests, test_finalization_shutdown) {
  struct local {
    ~local() {
      std::this_thread::sleep_for(200ms);
      std::puts("thread-local destroyed");
    }
    void touch() {}
  };
  static speaking last("static destroyed");
  static gate entered;
  curfew::thread([] {
    static thread_local local l;
    l.touch();
    entered.open();
  }).detach();
  entered.wait();
  return 0;
}

// main's thread-locals without a destructor keep their values to the end. (Those with one are gone when the exit
// begins: that is where it begins.)
//! case: ThreadTests.test_locals_at_exit
//! out: in a before-wait hook: 42
//! out: in an after-wait hook: 42
//! out: in a static destructor: 42
ROW(ThreadTests, test_locals_at_exit) {
  static thread_local int value = 0;
  value = 42;
  struct late {
    ~late() { std::printf("in a static destructor: %d\n", value); }
  };
  static late last;
  curfew::thread([] {}).join();
  curfew::before_wait("reads", [] { std::printf("in a before-wait hook: %d\n", value); });
  curfew::after_wait("reads", [] { std::printf("in an after-wait hook: %d\n", value); });
  return 0;
}

// curfew is first used by a thread that is not main: main is main all the same, and the exit is clean.
//! case: ThreadTests.test_import_from_another_thread
//! out: main is 0, this is not
//! out: regular ended
ROW(ThreadTests, test_import_from_another_thread) {
  std::thread first([] {
    CHECK(curfew::main_thread().native_id == getpid());
    if (curfew::main_thread().number == 0 && curfew::current().number != 0) std::puts("main is 0, this is not");
    curfew::thread([] {
      CHECK(eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
      std::this_thread::sleep_for(50ms);
      std::puts("regular ended");
    }).detach();
  });
  first.join();
  return 0;
}

//! case: ThreadTests.test_start_new_thread_at_finalization
//! out: static destructor: exit_in_progress
//! out: atexit handler: exit_in_progress
ROW(ThreadTests, test_start_new_thread_at_finalization) {
  struct starts {
    ~starts() {
      std::printf("static destructor: %s\n", error_of([] { curfew::thread t([] { std::puts("ran"); }); }));
      CHECK(curfew::active_count() == 1);
    }
  };
  CHECK(std::atexit([] {
          std::printf("atexit handler: %s\n", error_of([] { curfew::thread t([] { std::puts("ran"); }); }));
        }) == 0);
  static starts s;  // built last, destroyed first
  return 0;
}

static curfew::thread joined_late;

//! case: ThreadTests.test_join_daemon_thread_in_finalization
//! seconds: 0..8
//! out: without a limit: exit_in_progress
//! out: with a limit: exit_in_progress
ROW(ThreadTests, test_join_daemon_thread_in_finalization) {
  struct joins {
    ~joins() {
      std::printf("without a limit: %s\n", error_of([] { joined_late.join(); }));
      std::printf("with a limit: %s\n", error_of([] { joined_late.join_for(10s); }));
    }
  };
  static joins j;
  joined_late = curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(100h); });
  return 0;
}

//! case: ThreadTests.test_join_finished_daemon_thread_in_finalization
//! out: with a limit: no error
//! out: is alive: 0
ROW(ThreadTests, test_join_finished_daemon_thread_in_finalization) {
  struct joins {
    ~joins() {
      std::printf("with a limit: %s\n", error_of([] { CHECK(joined_late.join_for(10s)); }));
      std::printf("is alive: %d\n", joined_late.is_alive());
    }
  };
  static joins j;
  joined_late = curfew::thread({.daemon = true}, [] {});
  CHECK(eventually([] { return !joined_late.is_alive(); }));
  return 0;
}

// A lock that no daemon holds can be had; one that a frozen daemon holds ends the process at once, with its status.
//! case: ThreadTests.test_acquire_daemon_thread_lock_in_finalization
//! seconds: 0..8
//! status: 3
//! out: the free lock was had
//! err~ (?=.*status 3)(?=.*(~locks|a destructor or exit handler))(?=.*"Thread-1").*
ROW(ThreadTests, test_acquire_daemon_thread_lock_in_finalization) {
  static std::mutex free;
  static std::mutex held;
  struct locks {
    ~locks() {
      { const std::lock_guard lock(free); }
      std::puts("the free lock was had");
      const std::lock_guard lock(held);
      std::puts("the held lock was had");
    }
  };
  static locks l;
  static gate holds;
  curfew::set_exit_options({.destructor_limit = std::chrono::minutes(5)});
  curfew::thread daemon({.daemon = true}, [] {
    { const std::lock_guard lock(free); }
    const std::lock_guard lock(held);
    holds.open();
    std::this_thread::sleep_for(100h);
  });
  holds.wait();
  return 3;
}

//! case: ThreadTests.test_start_new_thread_failed
//! out: resource_unavailable_try_again
//! out: 1 thread
ROW(ThreadTests, test_start_new_thread_failed) {
  // root has no limit; a user that nobody else is has one of its own.
  if (getuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(54321) != 0 || setuid(54321) != 0))
    curfew_test::skip("root here cannot become another user, and RLIMIT_NPROC does not bind root");
  struct rlimit one;
  CHECK(getrlimit(RLIMIT_NPROC, &one) == 0);
  one.rlim_cur = one.rlim_max < 1 ? one.rlim_max : 1;
  CHECK(setrlimit(RLIMIT_NPROC, &one) == 0);
  curfew_test::no_leak_check = true;
  bool limited = true;
  try {
    std::thread([] {}).join();
    limited = false;
  } catch (const std::system_error&) {
  }
  if (!limited) curfew_test::skip("RLIMIT_NPROC does not bind this process");
  const auto before = curfew::counts();
  std::puts(error_of([] { curfew::thread t({.daemon = true}, [] { std::puts("ran"); }); }));
  CHECK(curfew::counts().started == before.started);
  CHECK(curfew::counts().daemon == 0);
  CHECK(curfew::enumerate().size() == 1);
  std::printf("%zu thread\n", curfew::active_count());
  return 0;
}

// A daemon that comes back from a system call when all is over stays where it is: it neither returns nor unwinds.
//! case: ThreadTests.test_finalize_daemon_thread_hang
//! out: destroyed
ROW(ThreadTests, test_finalize_daemon_thread_hang) {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer holds signals back from a thread inside read()");
  static int pipes[2];
  CHECK(pipe(pipes) == 0);
  struct wakes {
    ~wakes() {
      CHECK(write(pipes[1], "x", 1) == 1);  // the daemon's read can return now
      std::this_thread::sleep_for(100ms);
      std::puts("destroyed");
    }
  };
  static wakes w;
  static gate reads;
  curfew::thread daemon({.daemon = true}, [] {
    const speaking owned("a daemon unwound");
    reads.open();
    char c;
    CHECK(read(pipes[0], &c, 1) == 1);
    std::puts("a daemon went on");
  });
  reads.wait();
  return 0;
}

// Daemons call curfew without pause, main ends: status 0, nothing on stderr.
//! case: ThreadTests.test_stop_the_world_during_finalization
//! repeat: 10
//! out: ended
ROW(ThreadTests, test_stop_the_world_during_finalization) {
  static speaking last("ended");
  static std::atomic<int> rounds[4];
  for (auto& mine : rounds) {
    curfew::thread({.daemon = true}, [&mine] {
      for (;;) {
        (void)curfew::enumerate();
        (void)curfew::current();
        curfew::this_thread::set_name(mine % 2 == 0 ? "even" : "odd");
        { const curfew::shield s; }
        ++mine;
      }
    }).detach();
  }
  for (auto& r : rounds) CHECK(eventually([&] { return r > 10; }));
  return 0;
}
