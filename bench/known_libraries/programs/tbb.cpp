// SPDX-License-Identifier: Apache-2.0
// A parallel loop.
//! library: oneTBB
//! packages: libtbb-dev
//! flags: -ltbb
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <atomic>
#include <chrono>
#include <thread>

int main() {
  static std::atomic<int> total;
  tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  tbb::parallel_for(0, 100, [](int i) {
    total += i;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  return total != 4950;
}
