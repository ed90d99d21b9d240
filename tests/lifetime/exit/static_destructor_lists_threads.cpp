// SPDX-License-Identifier: Apache-2.0
// The registry tells the truth in a static destructor: main and the frozen daemon, nothing of the regular one.
//! out: 2 threads
//! out: #0 main, not a daemon
//! out: frozen-one, a daemon
//! out: current is main
//! out: 1 daemon
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

struct lists {
  ~lists() {
    const auto all = curfew::enumerate();
    std::printf("%zu threads\n", all.size());
    for (const auto& t : all) {
      if (t.number == 0)
        std::printf("#0 %s, %s\n", curfew::to_string(t.kind), t.daemon ? "a daemon" : "not a daemon");
      else
        std::printf("%s, %s\n", t.name.c_str(), t.daemon ? "a daemon" : "not a daemon");
    }
    if (curfew::current().number == 0 && curfew::main_thread().number == 0) std::puts("current is main");
    std::printf("%zu daemon\n", curfew::counts().daemon);
    CHECK(curfew::active_count() == all.size());
    CHECK(curfew::find("frozen-one").has_value());
  }
};
static lists last;

int main() {
  curfew::thread regular([] {});
  curfew::thread daemon({.name = "frozen-one", .daemon = true}, [] {
    for (;;) (void)curfew::enumerate();  // in the middle of which it is frozen
  });
}
