// SPDX-License-Identifier: Apache-2.0
// OpenMP: its workers are never joined, so their thread_local objects are never destroyed. A pool's are.
//! case: before
//! args: before
//! out: buffers: 4 made, 1 flushed
//! case: after
//! args: after
//! out: every buffer is flushed
#include <curfew/pool.hpp>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

static std::atomic<int> made{0};
static std::atomic<int> flushed{0};

// What a worker has computed and not written out yet.
struct buffer {
  long sum = 0;
  buffer() { ++made; }
  ~buffer() { ++flushed; }
};
static thread_local buffer mine;

struct at_the_end {
  ~at_the_end() {
    if (made == flushed)
      std::puts("every buffer is flushed");
    else
      std::printf("buffers: %d made, %d flushed\n", made.load(), flushed.load());
  }
};
static at_the_end last;

namespace before {
static int run() {
#pragma omp parallel num_threads(4)
  mine.sum += 1;
  return 0;
}
}  // namespace before

namespace after {
static int run() {
  static curfew::thread_pool pool({.name = "sums", .workers = 4});
  std::vector<int> items(1000);
  std::iota(items.begin(), items.end(), 0);
  pool.map(items, [](int item) { mine.sum += item; });
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
