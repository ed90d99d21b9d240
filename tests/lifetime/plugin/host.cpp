// SPDX-License-Identifier: Apache-2.0
// A host loads a plugin that uses curfew and closes it while the plugin's threads run: they go on, the regular one is
// waited for before the statics of host and plugin are destroyed, the daemon is frozen, and nothing runs in unmapped
// code. The host uses curfew itself, or knows nothing of it.
//! case: a regular thread
//! args: regular
//! out: host: closed
//! out: plugin: regular ended
//! out: plugin: static destroyed
//! out: host: static destroyed
//! case: a lambda
//! args: lambda
//! out: host: closed
//! out: plugin: regular ended
//! out: plugin: static destroyed
//! out: host: static destroyed
//! case: a daemon
//! args: daemon
//! out: host: closed
//! out: plugin: static destroyed
//! out: host: static destroyed
//! case: loaded and used by a thread that is gone
//! args: regular elsewhere
//! out: host: closed
//! out: plugin: regular ended
//! out: plugin: static destroyed
//! out: host: static destroyed
//! case: again and again, with threads that end on their own
//! args: short again
//! out~ host: closed|plugin: static destroyed
//! out* plugin: static destroyed|host: closed
//! out: host: static destroyed
#include <cstdio>
#include <cstring>
#include <thread>

#include <dlfcn.h>

#ifdef HOST_USES_CURFEW
#include <curfew/thread.hpp>
#endif

struct last_of_the_host {
  ~last_of_the_host() { std::puts("host: static destroyed"); }
};
static last_of_the_host last;

static void load_start_close(const char* what) {
  void* const plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return;
  }
  const auto start = reinterpret_cast<void (*)(const char*)>(dlsym(plugin, "start"));
  if (start == nullptr) {
    std::fprintf(stderr, "no start() in the plugin\n");
    return;
  }
  start(what);
  dlclose(plugin);
}

int main(int, char** argv) {
#ifdef HOST_USES_CURFEW
  curfew::thread own({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
#endif
  if (argv[2] != nullptr && std::strcmp(argv[2], "elsewhere") == 0)
    std::thread(load_start_close, argv[1]).join();
  else if (argv[2] != nullptr && std::strcmp(argv[2], "again") == 0)
    for (int i = 0; i < 20; ++i) load_start_close(argv[1]);
  else
    load_start_close(argv[1]);
  std::puts("host: closed");
}
