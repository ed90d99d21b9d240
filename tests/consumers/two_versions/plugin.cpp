// SPDX-License-Identifier: Apache-2.0
// A plugin that has a curfew of its own, of another minor version than the host's.
#include <curfew/thread.hpp>
#include <curfew/version.hpp>

#include <atomic>
#include <cstdio>
#include <mutex>

#define EXPORT extern "C" [[gnu::visibility("default")]]

static std::atomic<long> count{0};
static std::mutex held_nearly_always;

struct last {
  ~last() {
    const long before = count;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    // The program's lock tracking counts it, and the plugin's curfew sees that: the daemon was not frozen with it.
    const std::lock_guard<std::mutex> lock(held_nearly_always);
    std::printf("plugin: statics destroyed, daemon %s\n", count == before ? "frozen" : "still runs");
  }
};
static last last_of_the_plugin;

EXPORT const char* plugin_version() { return curfew::library_version(); }
EXPORT long ticks() { return count; }
EXPORT void start() {
  curfew::thread({.name = "plugin's", .daemon = true}, [] {
    for (;;) {
      const std::lock_guard<std::mutex> lock(held_nearly_always);
      for (int i = 0; i < 1000; ++i) ++count;
    }
  }).detach();
  curfew::thread([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("plugin: regular thread ended");
  }).detach();
}
