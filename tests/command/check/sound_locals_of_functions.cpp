// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
//! prints "done 42"
// Functions that main calls start threads, give them their local variables, and wait until they have no more use for
// them; the threads go on. They were started at different depths.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <latch>
#include <memory>
#include <thread>

[[gnu::noinline]] static int start(int depth) {
  volatile char room[3000];
  room[0] = static_cast<char>(depth);
  if (depth > 0) return start(depth - 1) + room[0];
  int value = 0;
  const auto done = std::make_shared<std::latch>(1);
  std::thread([&value, done] {
    value = 42;
    done->count_down();
    for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }).detach();
  done->wait();
  return value;
}

int main() {
  int sum = 0;
  for (int depth = 0; depth < 5; ++depth) sum = start(0);
  start(4);
  std::printf("done %d\n", sum);
}
