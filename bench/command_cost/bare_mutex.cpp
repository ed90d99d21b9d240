// SPDX-License-Identifier: Apache-2.0
// Nothing but a mutex that nobody else wants: prints nanoseconds of processor time for each pair of lock and unlock.
// The worst case.
#include <cstdio>
#include <ctime>
#include <mutex>
#include <thread>

int main() {
  std::thread([] {}).join();  // a program with threads
  std::mutex mutex;
  constexpr long pairs = 20'000'000;
  const std::clock_t began = std::clock();
  for (long i = 0; i < pairs; ++i) {
    mutex.lock();
    mutex.unlock();
  }
  const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  std::printf("%.3f\n", seconds * 1e9 / pairs);
}
