// SPDX-License-Identifier: Apache-2.0
// map and invoke in a task, a daemon, an abandon task and a regular thread when the end begins: those that are waited
// for come to their results, the others are frozen with the halves that others have taken from them.
#include "storm.hpp"

static curfew::thread_pool pool({.workers = 3});

static long fib(int n) {
  if (n < 2) return n;
  long a = 0, b = 0;
  pool.invoke([&] { a = fib(n - 1); }, [&] { b = fib(n - 2); });
  return a + b;
}

static void right(const char* writer) {
  storm::expect(writer, 5);
  for (int i = 1; i <= 5; ++i)
    if (fib(15) == 610) storm::keep(writer, i);
}

int main() {
  storm::daemons(2, [] { fib(12); });
  pool.post(curfew::at_exit::abandon, [] {
    for (;;) {
      pool.map(storm::lines, [](const std::string& line) { storm::compute(static_cast<int>(line.size())); });
      storm::use_statics();
    }
  });
  pool.post([] { right("task"); });
  curfew::thread([] { right("regular"); });
  return storm::end();
}
