// SPDX-License-Identifier: Apache-2.0
//! nothing
//! prints "all given back"
// A program that counts with the C library what it has given back, on main's thread and on another one.
#include <malloc.h>

#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

static std::size_t in_use() { return mallinfo2().uordblks; }

int main() {
  std::thread([] {}).join();
  std::size_t before = 0, after = 0;
  {
    std::vector<std::unique_ptr<char[]>> blocks;
    blocks.reserve(200);
    before = in_use();
    for (int i = 0; i < 200; ++i) blocks.push_back(std::make_unique<char[]>(2000));
    blocks.clear();
    after = in_use();
  }
  std::size_t seen_by_other = 0;
  const std::size_t base = in_use();
  for (int i = 0; i < 200; ++i) static_cast<void>(std::make_unique<char[]>(2000));
  std::thread other([&] { seen_by_other = in_use(); });
  other.join();
  const bool right = after <= before + 8000 && seen_by_other <= base + 16000;
  std::puts(right ? "all given back" : "some are missing");
}
