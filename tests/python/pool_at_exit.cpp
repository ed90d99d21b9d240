// SPDX-License-Identifier: Apache-2.0
// ThreadPoolShutdownTest of CPython's test_concurrent_futures/test_shutdown.py: what happens at the end of a process.
//! args: {case}
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>

#include <python/rows.hpp>

#include <string>

using curfew::thread_pool;
using curfew_test::speaking;
using namespace std::chrono_literals;

// What is queued is run before the statics go, without a word of the program's.
//! case: ThreadPoolShutdownTest.test_interpreter_shutdown
//! out: apple
//! out: static destroyed
ROW(ThreadPoolShutdownTest, test_interpreter_shutdown) {
  static speaking last("static destroyed");
  static thread_pool pool({.workers = 5});
  pool.post([] {
    std::this_thread::sleep_for(100ms);
    curfew_test::say("apple");
  });
  return 0;
}

//! case: ThreadPoolShutdownTest.test_submit_after_interpreter_shutdown
//! out: 42
//! out: exit_in_progress
ROW(ThreadPoolShutdownTest, test_submit_after_interpreter_shutdown) {
  static auto* const pool = new thread_pool({.workers = 5});
  std::atexit([] { curfew_test::say(curfew_test::error_of([] { static_cast<void>(pool->submit([] {})); })); });
  std::printf("%d\n", pool->submit([] { return 42; }).get());
  return 0;
}

// shutdown without a wait does not keep the process from ending, nor the task from being run.
//! case: ThreadPoolShutdownTest.test_hang_gh83386
//! out: apple
ROW(ThreadPoolShutdownTest, test_hang_gh83386) {
  static auto* const pool = new thread_pool({.workers = 3});
  pool->post([] {
    std::this_thread::sleep_for(200ms);
    std::puts("apple");
  });
  pool->shutdown({.wait = false});
  return 0;
}

//! case: ThreadPoolShutdownTest.test_cancel_futures_wait_false
//! out: apple
ROW(ThreadPoolShutdownTest, test_cancel_futures_wait_false) {
  static thread_pool pool({.workers = 1});
  static curfew_test::gate begun;
  pool.post([] {
    begun.open();
    std::this_thread::sleep_for(100ms);
    std::puts("apple");
  });
  begun.wait();
  pool.post([] { std::puts("pear"); });
  pool.shutdown({.wait = false, .cancel_pending = true});
  return 0;
}
