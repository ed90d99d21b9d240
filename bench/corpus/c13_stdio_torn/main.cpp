// SPDX-License-Identifier: Apache-2.0
// Detached threads printf whole lines while exit() flushes stdout without a lock: torn/duplicated lines.
#include <chrono>
#include <cstdio>
#include <thread>
int main() {
  for (int t = 0; t < 2; t++)
    std::thread([t] {
      for (long i = 0;; ++i) printf("<%d:%08ld:%s>\n", t, i, "abcdefghijklmnopqrstuvwxyz0123456789");
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
