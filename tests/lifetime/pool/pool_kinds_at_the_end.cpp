// SPDX-License-Identifier: Apache-2.0
// Each kind of task, queued and running when the end begins: finish is run, skip is dropped or waited for, abandon is
// dropped or frozen. Pools that are static, local to a function, and leaked.
//! out: finish ran: static
//! out: finish ran: local
//! out: finish ran: leaked
//! out: running skip ended
//! out: queued skip: dropped
//! out: queued abandon: dropped
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>

#include <support/program.hpp>

#include <chrono>
#include <future>

using namespace curfew_test;
using curfew::at_exit;

static speaking last("static destroyed");
static std::atomic<int> order{0};
static std::future<void> skipped, abandoned;

static void in_turn(int turn, const char* line) {
  CHECK(eventually([&] { return order == turn; }));
  say(line);
  ++order;
}

int main() {
  static curfew::thread_pool kept({.name = "static", .workers = 1});
  static auto* const leaked = new curfew::thread_pool({.name = "leaked", .workers = 1});
  static curfew::thread_pool skips({.name = "skips", .workers = 1});
  static gate begun, queued, ending;
  curfew::before_wait("open", [] { ending.open(); });
  const auto local = [] {
    static curfew::thread_pool pool({.name = "local", .workers = 1});
    pool.post([] { ending.wait(); });
    pool.post([] { in_turn(1, "finish ran: local"); });
  };
  kept.post([] { ending.wait(); });
  kept.post([] { in_turn(0, "finish ran: static"); });
  local();
  leaked->post([] { ending.wait(); });
  leaked->post([] { in_turn(2, "finish ran: leaked"); });
  skips.post(at_exit::skip, [] {
    begun.open();
    queued.wait();
    // The hook that lets the others go on comes before the end reaches the pools.
    CHECK(eventually([] { return abandoned.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
    in_turn(3, "running skip ended");
  });
  begun.wait();
  skipped = skips.submit(at_exit::skip, [] { say("a queued skip ran"); });
  abandoned = skips.submit(at_exit::abandon, [] { say("a queued abandon ran"); });
  queued.open();
  curfew::after_wait("ask", [] {
    try {
      skipped.get();
    } catch (const curfew::task_dropped&) {
      say("queued skip: dropped");
    }
    try {
      abandoned.get();
    } catch (const curfew::task_dropped&) {
      say("queued abandon: dropped");
    }
  });
  return 0;
}
