// SPDX-License-Identifier: Apache-2.0
//! nothing
// A conservative collector's thread reads all of the program's data and main's stack, word by word, while statics are
// destroyed. It uses nothing of what it reads.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <thread>

extern "C" char __data_start[], _end[];
extern "C" void* __libc_stack_end;

static std::atomic<bool> stop{false};
static std::atomic<const std::uintptr_t*> top{nullptr};
static std::thread collector;
static volatile std::uintptr_t found = 0;

[[gnu::noinline]] static void mark(const std::uintptr_t* from, const std::uintptr_t* to) {
  for (; from < to; ++from) {
    const std::uintptr_t word = *static_cast<const volatile std::uintptr_t*>(from);
    if (word > 0x1000 && (word & 0xffff) == 0x1230) found = word;
  }
}

static struct ends {
  ~ends() {
    stop = true;
    collector.join();
  }
} at_the_end;
static volatile std::uintptr_t around[600] = {1};
static struct table {
  volatile long values[4] = {1, 2, 3, 4};
  ~table() { values[0] = 0; }
} only;
static volatile std::uintptr_t behind[600] = {1};

int main() {
  std::uintptr_t locals[400] = {1};
  top = static_cast<const std::uintptr_t*>(__builtin_frame_address(0)) - 600;
  behind[1] = 2;
  around[1] = 2;
  collector = std::thread([] {
    const auto aligned = [](char* at) {
      return reinterpret_cast<const std::uintptr_t*>((reinterpret_cast<std::uintptr_t>(at) + 7) & ~std::uintptr_t{7});
    };
    while (!stop) {
      mark(aligned(__data_start), aligned(_end) - 1);
      mark(top, static_cast<const std::uintptr_t*>(__libc_stack_end));
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::printf("%d\n", static_cast<int>(locals[0] + only.values[1]));
}
