// SPDX-License-Identifier: Apache-2.0
// What is submitted once the end has begun, and from where: the table at curfew::at_exit.
//! out: before-wait hook: finish taken, skip taken, abandon taken
//! out: regular thread, draining: finish taken, skip dropped, abandon dropped
//! out: task, draining: finish taken, skip dropped, abandon dropped
//! out: daemon, draining: finish taken, skip dropped, abandon dropped
//! out: after-wait hook: finish taken, skip dropped, abandon dropped
//! out: tasks of kind finish that ran: 5
//! out: static destructor: finish exit_in_progress, skip exit_in_progress, abandon exit_in_progress
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

using namespace curfew_test;
using curfew::at_exit;

static std::atomic<int> ran{0};
static std::atomic<int> turn{0};
static curfew::thread_pool& pool() {
  static auto* const p = new curfew::thread_pool({.workers = 1});
  return *p;
}

static const char* submitted(at_exit kind) {
  try {
    return pool().post(kind, [kind] { ran += kind == at_exit::finish; }) ? "taken" : "dropped";
  } catch (const curfew::exit_in_progress&) {
    return "exit_in_progress";
  }
}

static void tell(const char* from) {
  const char* const finish = submitted(at_exit::finish);
  const char* const skip = submitted(at_exit::skip);
  std::printf("%s: finish %s, skip %s, abandon %s\n", from, finish, skip, submitted(at_exit::abandon));
  std::fflush(stdout);
}

static bool is_draining() { return curfew::exit_phase() >= curfew::phase::draining && ran >= 1; }

struct teller {
  ~teller() {
    std::printf("tasks of kind finish that ran: %d\n", ran.load());
    tell("static destructor");
  }
};

int main() {
  static teller last;
  curfew::before_wait("ask", [] { tell("before-wait hook"); });
  curfew::after_wait("ask", [] { tell("after-wait hook"); });
  curfew::thread({.daemon = false}, [] {
    // The pool has closed itself to others than finish tasks when one of these is dropped.
    CHECK(eventually([] { return is_draining() && !pool().post(at_exit::skip, [] {}); }));
    tell("regular thread, draining");
    curfew::thread({.daemon = true}, [] {
      CHECK(eventually([] { return turn == 1; }));
      tell("daemon, draining");
      turn = 2;
    });
    // A task of the pool: not counted, as it is no finish task of tell()'s.
    pool().post([] {
      tell("task, draining");
      turn = 1;
    });
    CHECK(eventually([] { return turn == 2; }));
  });
  return 0;
}
