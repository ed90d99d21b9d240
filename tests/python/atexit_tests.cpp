// SPDX-License-Identifier: Apache-2.0
// AtexitTests of CPython's test_threading.py, whose hooks run before the wait, and _test_atexit.py, whose hooks run
// after it: before_wait and after_wait.
//! args: {case}
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <python/rows.hpp>

#include <functional>
#include <stdexcept>

using curfew_test::error_of;
using curfew_test::speaking;

//! case: AtexitTests.test_atexit_output
//! out: parrot
ROW(AtexitTests, test_atexit_output) {
  curfew::before_wait("output", [] { std::puts("parrot"); });
  return 0;
}

//! case: AtexitTests.test_atexit_called_once
//! out: called
//! out: finished
ROW(AtexitTests, test_atexit_called_once) {
  curfew::before_wait("once", [] { std::puts("called"); });
  curfew::finish();
  curfew::finish();
  std::puts("finished");
  return 0;
}

// Registering inside a hook, when the hooks of this kind have begun: an error, and the other hooks run.
//! case: AtexitTests.test_atexit_after_shutdown
//! out: inside a hook: exit_in_progress
//! out: the other hook
ROW(AtexitTests, test_atexit_after_shutdown) {
  curfew::before_wait("other", [] { std::puts("the other hook"); });
  curfew::before_wait("registers", [] {
    std::printf("inside a hook: %s\n", error_of([] { curfew::before_wait("late", [] { std::puts("late"); }); }));
  });
  return 0;
}

//! case: TestAtexit.test_order
//! out: h3 h2 h1
ROW(TestAtexit, test_order) {
  curfew::after_wait("h1", [] { std::printf("h1\n"); });
  curfew::after_wait("h2", [] { std::printf("h2 "); });
  curfew::after_wait("h3", [] { std::printf("h3 "); });
  return 0;
}

//! case: TestAtexit.test_badargs
//! out: invalid_argument
//! out: invalid_argument
ROW(TestAtexit, test_badargs) {
  std::puts(error_of([] { curfew::after_wait("empty", std::function<void()>()); }));
  std::puts(error_of([] { curfew::before_wait("empty", static_cast<void (*)()>(nullptr)); }));
  return 0;
}

//! case: TestAtexit.test_raise
//! status: 5
//! out: after it
//! err~ .*"raises".*ZeroDivisionError.*
ROW(TestAtexit, test_raise) {
  curfew::after_wait("after", [] { std::puts("after it"); });
  curfew::after_wait("raises", [] { throw std::runtime_error("ZeroDivisionError"); });
  return 5;
}

// A hook that exits: the hooks behind it run, and its status counts after a return from main.
//! case: TestAtexit.test_exit
//! status: 6
//! out: exits
//! out: after it
//! out: static destroyed
ROW(TestAtexit, test_exit) {
  static speaking last("static destroyed");
  curfew::after_wait("after", [] { std::puts("after it"); });
  curfew::after_wait("exits", [] {
    std::puts("exits");
    std::exit(6);
  });
  return 5;
}

//! case: TestAtexit.test_stress
//! out: 5000 before, 5000 after
ROW(TestAtexit, test_stress) {
  static int before = 0;
  static int after = 0;
  curfew::after_wait("last", [] { std::printf("%d before, %d after\n", before, after); });
  for (int i = 0; i < 5000; ++i) {
    curfew::before_wait("one of many", [=] { before += before == 4999 - i; });
    curfew::after_wait("one of many", [=] { after += after == 4999 - i; });
  }
  return 0;
}

//! case: TestAtexit.test_clear
//! out: nothing ran
ROW(TestAtexit, test_clear) {
  static speaking last("nothing ran");
  curfew::hook_id ids[20];
  for (auto& id : ids) id = curfew::after_wait("cleared", [] { std::puts("ran"); });
  for (const auto id : ids) CHECK(curfew::remove_hook(id));
  return 0;
}

//! case: TestAtexit.test_unregister
//! out: the other one
ROW(TestAtexit, test_unregister) {
  const auto removed = curfew::after_wait("removed", [] { std::puts("removed"); });
  curfew::after_wait("kept", [] { std::puts("the other one"); });
  CHECK(curfew::remove_hook(removed));
  CHECK(!curfew::remove_hook(removed));
  return 0;
}

//! case: TestAtexit.test_bound_methods
//! out: 5
ROW(TestAtexit, test_bound_methods) {
  struct list {
    int items = 0;
    void append(int n) { items += n; }
    void print() const { std::printf("%d\n", items); }
  };
  static list l;
  curfew::after_wait("prints", std::bind(&list::print, &l));
  const auto removed = curfew::after_wait("appends", std::bind(&list::append, &l, 100));
  curfew::after_wait("appends", std::bind(&list::append, &l, 5));
  CHECK(curfew::remove_hook(removed));
  return 0;
}

//! case: TestAtexit.test_unregister_inside
//! out: removes two
//! out: still there
ROW(TestAtexit, test_unregister_inside) {
  curfew::after_wait("kept", [] { std::puts("still there"); });
  static const auto one = curfew::after_wait("removed", [] { std::puts("removed"); });
  static const auto two = curfew::after_wait("removed", [] { std::puts("removed"); });
  curfew::after_wait("removes", [] {
    CHECK(curfew::remove_hook(one));
    CHECK(curfew::remove_hook(two));
    std::puts("removes two");
  });
  return 0;
}
