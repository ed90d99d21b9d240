// SPDX-License-Identifier: Apache-2.0
// Another thread ends the program by exit(2) while main goes on: it recycles, makes timers, starts threads, submits
// tasks and waits for them. Right: status 2, always and at once; main is frozen in what it does.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <string>

static curfew::thread_pool pool({.workers = 2});

int main(int argc, char** argv) {
  const std::string kind = argc > 1 ? argv[1] : "";
  for (int i = 0;; ++i) {
    if (kind == "recycle") curfew::recycle([] {});
    if (kind == "timers") curfew::timer(0ms, [] {});
    if (kind == "threads") curfew::thread([] {}).join();
    if (kind == "tasks") pool.submit([] { return 1; }).get();
    if (kind == "flood") pool.post([] {});
    if (i == 200) curfew::thread({.daemon = true}, [] { std::exit(2); });
  }
}
