// SPDX-License-Identifier: Apache-2.0
// A static that knows when it is used after its destruction. Nothing here is curfew's: the programs know nothing of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include <unistd.h>

namespace witness {

inline std::atomic<long> uses{0};
inline std::atomic<bool> destroyed{false};

/// What the threads do with the static. Plain, this prints a line in every run: the destructor waits for it.
inline void use() {
  uses.fetch_add(1);
  if (!destroyed.load()) return;
  static constexpr char line[] = "used after its destruction\n";
  if (::write(STDERR_FILENO, line, sizeof line - 1) < 0) std::perror("write");
  ::_exit(99);
}

[[noreturn]] inline void use_for_ever() {
  for (;;) {
    use();
    std::this_thread::yield();
  }
}

struct victim {
  ~victim() {
    destroyed.store(true);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("destroyed");
  }
};

/// Until the threads are at work.
inline void wait_for_use() {
  while (uses.load() < 100) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace witness
