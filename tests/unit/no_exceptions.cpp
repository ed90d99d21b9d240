// SPDX-License-Identifier: Apache-2.0
// The headers in a program that is compiled without exceptions; the library is compiled with them.
#include <curfew/curfew.hpp>
#include <curfew/pool.hpp>

#include <support/sanitizers.hpp>

#include <pthread.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

static int wrong(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return 1;
}

struct callable {
  int operator()(std::allocator_arg_t, const std::allocator<int>&) const { return 3; }
};

int main() {
  std::string seen;
  curfew::thread([&](std::string text) { seen = text; }, "given").join();
  if (seen != "given") return wrong("thread");
  {
    curfew::jthread asked(
        [](std::stop_token) { static_cast<void>(curfew::this_thread::sleep_for(std::chrono::hours(1))); });
  }
  curfew::thread_scope scope;
  int runs = 0;
  scope.start({.name = "scoped"}, [&] { ++runs; });
  scope.join();
  if (runs != 1) return wrong("thread_scope");

  curfew::thread_pool pool;
  if (pool.submit([] { return 2; }).get() != 2) return wrong("submit");
  if (pool.submit(callable(), std::allocator_arg, std::allocator<int>()).get() != 3) return wrong("submit, arguments");
  pool.submit([] {}).get();
  pool.post([&] { ++runs; });
  pool.wait_idle();
  std::vector<int> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 0);
  const auto doubled = pool.map(numbers, [](int n) { return 2 * n; });
  if (doubled[999] != 1998 || runs != 2) return wrong("map");
#if defined(__GLIBCXX__)
  if (!curfew_test::address_sanitizer) {  // which does not know of stacks that pthread_exit leaves
    pool.submit([] { ::pthread_exit(nullptr); }).wait();
    curfew::recycle([] { ::pthread_exit(nullptr); }).wait();
    pool.post([] { ::pthread_exit(nullptr); });
    if (pool.submit([] { return 4; }).get() != 4) return wrong("a task behind one that has ended its thread");
  }
#endif

  curfew::blocking_queue<int> queue;
  queue.push(1);
  if (queue.pop() != 1) return wrong("queue");
  std::mutex mutex;
  curfew::condition condition;
  std::unique_lock lock(mutex);
  (void)condition.wait_for(lock, std::chrono::milliseconds(1));
  curfew::after_wait("last", [] {});
}
