// SPDX-License-Identifier: Apache-2.0
// host PLUGIN: two curfews in one process. Each waits for and freezes the threads that it has started, and by the time
// when the host's statics are destroyed nothing of either runs.
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>
#include <curfew/version.hpp>

#include <dlfcn.h>

#include <atomic>
#include <cstdio>

static std::atomic<long> count{0};
static long (*plugin_ticks)() = nullptr;

struct last {
  ~last() {
    const long before = count, before_in_plugin = plugin_ticks();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::printf("host: statics destroyed, own daemon %s, plugin's %s\n", count == before ? "frozen" : "still runs",
                plugin_ticks() == before_in_plugin ? "frozen" : "still runs");
  }
};
static last last_of_the_host;

int main(int, char** argv) {
  void* const plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) return std::puts(dlerror()), 1;
  const auto version = reinterpret_cast<const char* (*)()>(dlsym(plugin, "plugin_version"));
  const auto start = reinterpret_cast<void (*)()>(dlsym(plugin, "start"));
  plugin_ticks = reinterpret_cast<long (*)()>(dlsym(plugin, "ticks"));
  std::printf("host %s, plugin %s\n", curfew::library_version(), version());
  start();
  curfew::thread daemon({.name = "host's", .daemon = true}, [] {
    for (;;) ++count;
  });
  curfew::thread regular([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::puts("host: regular thread ended");
  });
  // Each knows its own threads: main, a daemon, a regular one.
  while (count == 0 || plugin_ticks() == 0) std::this_thread::yield();
  for (const auto& one : curfew::enumerate())
    if (one.name == "plugin's") std::puts("the host knows the plugin's thread");
  std::fflush(stdout);
}
