// SPDX-License-Identifier: Apache-2.0
// ThreadJoinOnShutdown and SubinterpThreadingTests of CPython's test_threading.py. A subinterpreter's end is finish():
// the process goes on.
//! args: {case}
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <python/rows.hpp>
#include <support/sanitizers.hpp>

using curfew_test::error_of;
using curfew_test::eventually;
using curfew_test::gate;
using curfew_test::speaking;
using namespace std::chrono_literals;

// Daemons that read and write when the process ends: no crash, nothing on stderr. They are inside the C
// library at nearly every moment; that must not make the exit long. (Forty threads that are always ready to run make
// everything long on a machine that others use, too.)
//! case: ThreadJoinOnShutdown.test_4_daemon_threads
//! repeat: 10
//! seconds: 0..10
//! out: static destroyed
ROW(ThreadJoinOnShutdown, test_4_daemon_threads) {
  static speaking last("static destroyed");
  static std::atomic<int> running{0};
  // Each is met by a timer of its own, whose signals ThreadSanitizer holds back: forty take many seconds there.
  constexpr int count = curfew_test::thread_sanitizer ? 8 : 40;
  for (int i = 0; i < count; ++i) {
    curfew::thread({.daemon = true}, [] {
      ++running;
      for (;;) {
        FILE* const in = std::fopen("/proc/self/stat", "r");
        char text[200] = {};
        CHECK(in != nullptr && std::fread(text, 1, sizeof text - 1, in) > 0);
        std::fclose(in);
        FILE* const out = std::fopen("/dev/null", "w");
        CHECK(out != nullptr && std::fputs(text, out) >= 0);
        std::fclose(out);
      }
    }).detach();
  }
  CHECK(eventually([] { return running >= count / 4; }));
  return 0;
}

//! case: ThreadJoinOnShutdown.test_thread_from_thread
//! out: 1: started a thread while the exit waits
//! out: 2: ended
ROW(ThreadJoinOnShutdown, test_thread_from_thread) {
  curfew::thread([] {
    curfew::join_main_thread();
    curfew::thread([] {
      std::this_thread::sleep_for(100ms);
      std::puts("2: ended");
    }).detach();
    std::puts("1: started a thread while the exit waits");
  }).detach();
  return 0;
}

//! case: SubinterpThreadingTests.test_threads_join
//! out: thread ended
//! out: finished
ROW(SubinterpThreadingTests, test_threads_join) {
  curfew::thread([] {
    std::this_thread::sleep_for(100ms);
    std::puts("thread ended");
  }).detach();
  CHECK(curfew::finish().frozen.empty());
  std::puts("finished");
  return 0;
}

//! case: SubinterpThreadingTests.test_threads_join_2
//! out: thread-local destroyed
//! out: finished
ROW(SubinterpThreadingTests, test_threads_join_2) {
  struct local {
    ~local() {
      std::this_thread::sleep_for(100ms);
      std::puts("thread-local destroyed");
    }
    void touch() {}
  };
  static gate entered;
  curfew::thread([] {
    static thread_local local l;
    l.touch();
    entered.open();
  }).detach();
  entered.wait();
  curfew::finish();
  std::puts("finished");
  return 0;
}

//! case: SubinterpThreadingTests.test_threads_join_with_no_main
//! seconds: 0..8
//! out: hook stops the thread
//! out: thread ended
//! out: finished
ROW(SubinterpThreadingTests, test_threads_join_with_no_main) {
  static gate stop;
  curfew::before_wait("stop", [] {
    std::puts("hook stops the thread");
    stop.open();
  });
  curfew::thread([] {
    stop.wait();
    std::puts("thread ended");
  }).detach();
  std::thread([] { curfew::finish(); }).join();  // on no main thread
  std::puts("finished");
  return 0;
}

// A daemon that is left is no fatal error: it is frozen, and reported.
//! case: SubinterpThreadingTests.test_daemon_threads_fatal_error
//! out: 1 frozen: left over
//! out: the process goes on
ROW(SubinterpThreadingTests, test_daemon_threads_fatal_error) {
  curfew::thread daemon({.name = "left over", .daemon = true}, [] { std::this_thread::sleep_for(100h); });
  const auto report = curfew::finish();
  std::printf("%zu frozen: %s\n", report.frozen.size(), report.frozen.empty() ? "" : report.frozen[0].name.c_str());
  std::puts("the process goes on");
  return 0;
}

//! case: SubinterpThreadingTests.test_threads_not_allowed
//! out: exit_in_progress
ROW(SubinterpThreadingTests, test_threads_not_allowed) {
  curfew::finish();
  std::puts(error_of([] { curfew::thread t([] { std::puts("ran"); }); }));
  CHECK(curfew::active_count() == 1);
  return 0;
}

//! case: SubinterpThreadingTests.test_daemon_threads_not_allowed
//! out: said: exit_in_progress
//! out: jthread: exit_in_progress
ROW(SubinterpThreadingTests, test_daemon_threads_not_allowed) {
  curfew::finish();
  std::printf("said: %s\n", error_of([] { curfew::thread t({.daemon = true}, [] { std::puts("ran"); }); }));
  std::printf("jthread: %s\n", error_of([] { curfew::jthread t({.daemon = true}, [] { std::puts("ran"); }); }));
  CHECK(curfew::counts().daemon == 0);
  return 0;
}
