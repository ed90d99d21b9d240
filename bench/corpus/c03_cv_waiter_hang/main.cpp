// SPDX-License-Identifier: Apache-2.0
// A detached thread waits on a static std::condition_variable: exit() hangs in pthread_cond_destroy (glibc >= 2.25).
// ceph/ceph#31749, PX4-Autopilot#20802, cquery#695, r-lib/later#10, Haivision/srt#129.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
static std::mutex mu;
static std::condition_variable cv;
static bool ready = false;
int main() {
  std::thread([] {
    std::unique_lock l(mu);
    cv.wait(l, [] { return ready; });
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return 0;
}
