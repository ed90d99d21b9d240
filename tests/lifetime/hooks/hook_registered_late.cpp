// SPDX-License-Identifier: Apache-2.0
// A hook registered after its turn has come is refused; an after-wait hook is not late while the wait goes on.
//! out: before-wait hook in a before-wait hook: exit_in_progress
//! out: after-wait hook in a before-wait hook: no error
//! out: before-wait hook while draining: exit_in_progress
//! out: after-wait hook while draining: no error
//! out: registered while draining
//! out: registered in a hook
//! out: first after
//! out: after-wait hook in an after-wait hook: exit_in_progress
//! out: before-wait hook in a static destructor: exit_in_progress
//! out: after-wait hook in a static destructor: exit_in_progress
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

using curfew_test::error_of;

static void before(const char* where) {
  std::printf("before-wait hook %s: %s\n", where, error_of([] { curfew::before_wait("late", [] { std::abort(); }); }));
}

static void after(const char* where, const char* says) {
  std::printf("after-wait hook %s: %s\n", where,
              error_of([=] { curfew::after_wait("late", [=] { std::puts(says); }); }));
}

struct at_the_end {
  ~at_the_end() {
    before("in a static destructor");
    after("in a static destructor", "never");
  }
};
static at_the_end last;

int main() {
  curfew::after_wait("first", [] {
    std::puts("first after");
    after("in an after-wait hook", "never");
  });
  curfew::thread regular([] {
    // Not before the wait has begun: a before-wait hook would otherwise be in time.
    curfew::join_main_thread();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    before("while draining");
    after("while draining", "registered while draining");
  });
  curfew::before_wait("only", [] {
    before("in a before-wait hook");
    after("in a before-wait hook", "registered in a hook");
  });
}
