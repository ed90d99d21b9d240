// SPDX-License-Identifier: Apache-2.0
// A daemon waits in an object of main's that dies first: it is frozen there for good, with one line that names the
// object. It executes nothing afterwards, and holds up neither a join nor the exit.
//! args: {case}
//! seconds: 0..3
//! case: event
//! err~ curfew: an event is destroyed while .*"waiter" \(#1\), a daemon, waits on it: frozen there for good.*
//! case: event_for_a_while
//! err~ curfew: an event is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: semaphore
//! err~ curfew: a bounded_semaphore is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: barrier
//! err~ curfew: a barrier is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: condition
//! err~ curfew: a condition is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: queue_pop
//! err~ curfew: a blocking_queue is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: queue_pop_for
//! err~ curfew: a blocking_queue is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: queue_push
//! err~ curfew: a blocking_queue is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: queue_join
//! err~ curfew: a blocking_queue is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: queue_of_three
//! err~ curfew: a blocking_queue is destroyed while .*"waiter" .*, a daemon, waits on it, and 2 more: .*
//! case: line_reader
//! stdin: open
//! err~ curfew: a line_reader is destroyed while .*"waiter" \(#1\), a daemon, waits on it: .*
//! case: pool_full
//! err~ curfew: the thread_pool "pool" is destroyed while .*"waiter" \(#3\), a daemon, waits on it: .*
//! case: pool_busy
//! err~ curfew: the thread_pool "pool" is destroyed while .*"waiter" \(#3\), a daemon, waits on it: .*
#include <curfew/curfew.hpp>

#include <support/program.hpp>

#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;

static std::atomic<int> comes_back{0};

template <class Wait>
static curfew::thread wait_on_a_daemon(Wait wait) {
  return curfew::thread({.name = "waiter", .daemon = true, .grace = 1h}, [wait] {
    const curfew::shield shield;  // not for ever
    wait();
    ++comes_back;
  });
}

static bool waits(const curfew::thread& t) {
  return curfew_test::eventually([&] { return t.info().state == curfew::thread_state::waiting; });
}

/// Ends `object` while a daemon waits in it.
template <class Object, class Wait>
static void destroy(std::optional<Object>& object, Wait wait, int daemons = 1) {
  std::vector<curfew::thread> waiters;
  for (int i = 0; i < daemons; ++i) {
    waiters.push_back(wait_on_a_daemon([&object, wait] { wait(*object); }));
    CHECK(waits(waiters.back()));
  }
  object.reset();
  // What comes after it in its place is none of theirs.
  std::memset(static_cast<void*>(&object), 0, sizeof(Object));
  for (curfew::thread& t : waiters) {
    CHECK(curfew_test::eventually([&] {
      return std::string_view(curfew_test::error_of([&] { CHECK(!t.join_for(0s)); })) == "exit_in_progress";
    }));
    CHECK(std::string_view(curfew_test::error_of([&] { t.join(); })) == "exit_in_progress");
  }
  std::this_thread::sleep_for(30ms);
  CHECK(comes_back == 0);
}

static void destroy_queue(const std::string& which) {
  static std::optional<curfew::blocking_queue<int>> queue;
  queue.emplace(1);
  if (which == "queue_pop") destroy(queue, [](auto& q) { static_cast<void>(q.pop()); });
  if (which == "queue_pop_for")
    destroy(queue, [](auto& q) {
      while (!q.pop_for(10ms)) {
      }
    });
  if (which == "queue_of_three")
    destroy(
        queue, [](auto& q) { static_cast<void>(q.pop()); }, 3);
  if (which == "queue_push" || which == "queue_join") queue->push(1);
  if (which == "queue_push") destroy(queue, [](auto& q) { q.push(2); });
  if (which == "queue_join") destroy(queue, [](auto& q) { q.join(); });
}

static void destroy_pool(const std::string& which) {
  static curfew_test::gate open;
  static std::optional<curfew::thread_pool> pool;
  pool.emplace(curfew::pool_options{.name = "pool", .workers = 1, .queue_limit = 1});
  pool->post([] { open.wait(); });
  CHECK(curfew_test::eventually([] { return pool->counts().running == 1; }));
  pool->post([] {});
  curfew::thread opener([] {
    std::this_thread::sleep_for(100ms);
    open.open();
  });
  if (which == "pool_full") destroy(pool, [](auto& p) { p.post([] {}); });
  if (which == "pool_busy") destroy(pool, [](auto& p) { p.wait_idle(); });
}

int main(int, char** arguments) {
  const std::string which = arguments[1];
  if (which == "event" || which == "event_for_a_while") {
    static std::optional<curfew::event> event;
    event.emplace();
    if (which == "event") destroy(event, [](auto& e) { e.wait(); });
    if (which == "event_for_a_while") destroy(event, [](auto& e) { e.wait_for(1s); });
  } else if (which == "semaphore") {
    static std::optional<curfew::bounded_semaphore> semaphore;
    semaphore.emplace(0, 1);
    destroy(semaphore, [](auto& s) { static_cast<void>(s.acquire()); });
  } else if (which == "barrier") {
    static std::optional<curfew::barrier> barrier;
    barrier.emplace(2);
    destroy(barrier, [](auto& b) { b.wait(); });
  } else if (which == "condition") {
    static std::optional<curfew::condition> condition;
    condition.emplace();
    destroy(condition, [](auto& c) {
      static std::mutex mutex;
      std::unique_lock lock(mutex);
      (void)c.wait(lock);
    });
  } else if (which == "line_reader") {
    static std::optional<curfew::line_reader> reader;
    reader.emplace(STDIN_FILENO);
    destroy(reader, [](auto& r) { static_cast<void>(r.read_line()); });
  } else if (which.starts_with("queue")) {
    destroy_queue(which);
  } else {
    destroy_pool(which);
  }
}
