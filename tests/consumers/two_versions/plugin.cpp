// SPDX-License-Identifier: Apache-2.0
// A plugin that has a curfew of its own, of another minor version than the host's.
#include <curfew/thread.hpp>
#include <curfew/version.hpp>

#include <atomic>
#include <cstdio>

#define EXPORT extern "C" [[gnu::visibility("default")]]

static std::atomic<long> count{0};

struct last {
  ~last() {
    const long before = count;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::printf("plugin: statics destroyed, daemon %s\n", count == before ? "frozen" : "still runs");
  }
};
static last last_of_the_plugin;

EXPORT const char* plugin_version() { return curfew::library_version(); }
EXPORT long ticks() { return count; }
EXPORT void start() {
  curfew::thread({.name = "plugin's", .daemon = true}, [] {
    for (;;) ++count;
  }).detach();
  curfew::thread([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("plugin: regular thread ended");
  }).detach();
}
