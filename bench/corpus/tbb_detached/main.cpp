// SPDX-License-Identifier: Apache-2.0
// oneTBB: a detached thread runs parallel_for while main returns.
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <chrono>
#include <thread>
#include <vector>
int main() {
  std::thread([] {
    std::vector<double> v(100000, 1.0);
    for (;;) tbb::parallel_for(0, 100000, [&](int i) { v[i] = v[i] * 1.0001; });
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return 0;
}
