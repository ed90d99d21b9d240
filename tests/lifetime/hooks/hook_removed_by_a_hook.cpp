// SPDX-License-Identifier: Apache-2.0
// A hook may remove one that has not had its turn; itself and those that have had it are not there any more.
//! out: third
//! out: first
//! out: after
#include <curfew/exit.hpp>

#include <support/program.hpp>

static curfew::hook_id first;
static curfew::hook_id second;
static curfew::hook_id third;
static curfew::hook_id after_removed;

int main() {
  first = curfew::before_wait("first", [] {
    std::puts("first");
    CHECK(!curfew::remove_hook(third));
    CHECK(!curfew::remove_hook(first));
  });
  second = curfew::before_wait("second", [] { std::puts("second"); });
  third = curfew::before_wait("third", [] {
    std::puts("third");
    CHECK(curfew::remove_hook(second));
    CHECK(curfew::remove_hook(after_removed));
  });
  curfew::after_wait("after", [] { std::puts("after"); });
  after_removed = curfew::after_wait("after", [] { std::puts("removed after-wait hook ran"); });
}
