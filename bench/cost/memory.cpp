// SPDX-License-Identifier: Apache-2.0
// memory KIND COUNT: starts COUNT threads that wait, and prints by how many bytes a thread the heap (what malloc has
// given out) and the resident set (stacks, thread-local storage and page tables' pages left aside) have grown.
#include <curfew/thread.hpp>

#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<int> ready{0};
std::atomic<bool> end{false};

void wait_for_the_end() {
  ready.fetch_add(1);
  end.wait(false);
}

struct usage {
  std::size_t heap;
  std::size_t resident;
};

usage measure() {
  // Not VmRSS of /proc/self/status: the kernel keeps that per processor, and it is off by up to 100 pages.
  std::ifstream rollup("/proc/self/smaps_rollup");
  std::size_t resident = 0;
  for (std::string word; rollup >> word;)
    if (word == "Rss:") rollup >> resident;
  const struct mallinfo2 heap = ::mallinfo2();
  return {heap.uordblks + heap.hblkhd, resident * 1024};
}

template <class Start>
void run(int count, Start start) {
  start(0);  // what is set up once
  measure();
  const usage before = measure();
  for (int i = 1; i <= count; ++i) start(i);
  while (ready.load() <= count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const usage after = measure();
  std::printf("{\"heap\": %.1f, \"resident\": %.1f}\n",
              (static_cast<double>(after.heap) - static_cast<double>(before.heap)) / count,
              (static_cast<double>(after.resident) - static_cast<double>(before.resident)) / count);
  end = true;
  end.notify_all();
}

template <class Thread>
void run(int count) {
  std::vector<Thread> threads;
  threads.reserve(static_cast<std::size_t>(count) + 1);
  run(count, [&](int) { threads.emplace_back(wait_for_the_end); });
  for (Thread& t : threads) t.join();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const std::string kind = argv[1];
  const int count = std::atoi(argv[2]);
  if (kind == "std::thread")
    run<std::thread>(count);
  else if (kind == "std::jthread")
    run<std::jthread>(count);
  else if (kind == "curfew::thread")
    run<curfew::thread>(count);
  else if (kind == "curfew::jthread")
    run<curfew::jthread>(count);
  else if (kind == "curfew daemon, no handle")
    run(count, [](int) { curfew::thread({.daemon = true}, wait_for_the_end); });
  else if (kind == "detached std::thread")
    run(count, [](int) { std::thread(wait_for_the_end).detach(); });
  else
    return 64;
}
