// SPDX-License-Identifier: Apache-2.0
// A queue with daemon workers: main waits until every item is done, and nobody has to stop the workers.
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <atomic>
#include <cstdio>
#include <string>

struct page {
  std::string url;
};

// Static: the daemons use them after main has returned. For locals, declare a curfew::exit_guard after them.
static curfew::blocking_queue<page> pages(10);  // push waits while ten pages are queued
static std::atomic<int> fetched{0};

static void fetch() {
  while (auto next = pages.pop()) {
    ++fetched;  // here next->url would be fetched
    pages.task_done();
  }
}

int main() {
  for (int i = 0; i < 4; ++i) curfew::thread({.name = "fetcher", .daemon = true}, fetch);

  for (int i = 0; i < 1000; ++i) pages.push(page{"https://example.org/" + std::to_string(i)});
  pages.join();  // until task_done() was called once for each item
  std::printf("fetched %d pages\n", fetched.load());
}  // the workers wait in pop(): the exit freezes them there, and then the queue is destroyed
