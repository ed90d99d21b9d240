// SPDX-License-Identifier: Apache-2.0
// Twenty lives of a host, each with daemons that are frozen: in a loop, in a wait of curfew's, in one of the standard
// library's, in a timer's function and in a task that is abandoned. None of them runs in a later life, what they waited
// on works there, and the exit of the process destroys statics beside none of them.
//! seconds: 0..60
//! out: 20 lives
//! out: static destroyed
//! status: 7
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>
#include <curfew/registry.hpp>
#include <curfew/restart.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

static std::atomic<long> ticks{0};
static std::atomic<int> in_task{0}, in_timer{0}, waiting{0};
static curfew::event event;
static std::mutex mutex;
static std::condition_variable condition;
static bool ready = false;

struct witness {
  ~witness() {
    const long before = ticks;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    CHECK(ticks == before);
    std::puts("static destroyed");
  }
};
static witness last;
static curfew::thread_pool pool({.workers = 2});

static void wait_for_ready() {
  std::unique_lock lock(mutex);
  ++waiting;
  condition.wait(lock, [] { return ready; });
}

static void live(int life) {
  event.clear();
  ready = false;
  std::vector<curfew::thread> daemons;
  daemons.emplace_back(curfew::thread_options{.name = "ticker", .daemon = true}, [] {
    for (;;) ++ticks;
  });
  daemons.emplace_back(curfew::thread_options{.daemon = true}, [] {
    ++waiting;
    (void)event.wait();
    CHECK(false);
  });
  daemons.emplace_back(curfew::thread_options{.daemon = true}, [] {
    wait_for_ready();
    CHECK(false);
  });
  pool.post(curfew::at_exit::abandon, [] {
    ++in_task;
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  const curfew::timer timer({.daemon = true}, std::chrono::milliseconds(1), [] {
    ++in_timer;
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  CHECK(curfew_test::eventually([=] { return in_task == life && in_timer == life && waiting == 2 * life; }));
  const auto report = curfew::finish();
  CHECK(report.frozen.size() >= 5);  // and a worker that was not idle again when this life's task came
  CHECK(report.not_frozen.empty());
  const long at_the_freeze = ticks;
  curfew::restart();
  CHECK(curfew::active_count() == 1 && curfew::counts().daemon == 0 && curfew::enumerate().size() == 1);
  CHECK(curfew_test::error_of([&] { daemons[0].join(); }) == std::string_view("exit_in_progress"));

  // What the frozen ones wait on is there for the living.
  curfew::thread by_event([] { CHECK(event.wait()); });
  curfew::thread by_condition([] {
    std::unique_lock lock(mutex);
    condition.wait(lock, [] { return ready; });
  });
  event.set();
  {
    const std::lock_guard lock(mutex);
    ready = true;
  }
  condition.notify_all();
  by_event.join();
  by_condition.join();
  CHECK(pool.submit([] { return 3; }).get() == 3);
  std::atomic<bool> went_off{false};
  curfew::timer again({.daemon = true}, std::chrono::milliseconds(1), [&] { went_off = true; });
  CHECK(again.join());
  CHECK(went_off);
  CHECK(ticks == at_the_freeze);
  event.clear();
}

int main() {
  constexpr int lives = 20;
  for (int life = 1; life <= lives; ++life) live(life);
  std::printf("%d lives\n", lives);
  return 7;
}
