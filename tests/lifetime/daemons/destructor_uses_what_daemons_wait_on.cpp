// SPDX-License-Identifier: Apache-2.0
// Daemons are frozen in the waits of <curfew/sync.hpp>. A static destructor sets, gives and notifies what they wait on,
// takes it itself, and then they are destroyed: nothing blocks, nothing is lost to a frozen thread, nothing is an
// error.
//! seconds: 0..8
//! repeat: 5
//! out: main ended
//! out: event
//! out: semaphore
//! out: condition
//! out: queue
//! out: barrier
//! out: static destroyed
#include <curfew/registry.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <algorithm>
#include <mutex>

using namespace std::chrono_literals;

static const std::stop_token never;
static curfew_test::speaking first("static destroyed");
static curfew::event event;
static curfew::bounded_semaphore semaphore(0, 10);
static std::mutex mutex;
static curfew::condition condition;
static curfew::blocking_queue<int> queue;
static curfew::barrier barrier(3);

struct user {
  ~user() {
    event.set();
    CHECK(event.wait_for(never, 5s));
    std::puts("event");
    semaphore.release();
    CHECK(semaphore.try_acquire_for(never, 5s));
    std::puts("semaphore");
    {
      std::unique_lock lock(mutex);
      condition.notify_one();
      CHECK(!condition.wait_for(lock, never, 1ms));
    }
    std::puts("condition");
    CHECK(queue.push(1));
    CHECK(queue.pop_for(never, 5s) == 1);
    std::puts("queue");
    CHECK(barrier.wait_for(never, 5s) == 2);
    std::puts("barrier");
  }
};
static const user last;

template <class Wait>
static void daemon(Wait wait) {
  const curfew::thread t({.daemon = true}, [wait] {
    for (;;) wait();
  });
}

int main() {
  for (int i = 0; i < 2; ++i) {
    daemon([] { event.wait(never); });
    daemon([] { static_cast<void>(semaphore.acquire(never)); });
    daemon([] {
      std::unique_lock lock(mutex);
      (void)condition.wait(lock, never);
    });
    daemon([] { static_cast<void>(queue.pop(never)); });
    daemon([] { barrier.wait(never); });
  }
  CHECK(curfew_test::eventually([] {
    return std::ranges::count(curfew::enumerate(), curfew::thread_state::waiting, &curfew::thread_info::state) == 10;
  }));
  curfew_test::say("main ended");
}
