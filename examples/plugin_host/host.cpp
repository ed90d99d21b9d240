// SPDX-License-Identifier: Apache-2.0
// A host that loads a plugin, uses it and unloads it, again and again, while the plugin's threads, tasks and timers are
// at work. Without the call of end_library they would go on in code that is gone.
#include <curfew/library.hpp>
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

namespace {

template <class Function>
Function* find(void* plugin, const char* name) {
  return reinterpret_cast<Function*>(dlsym(plugin, name));
}

/// True if the plugin may be unloaded.
bool end(void* plugin) {
  // One that has a curfew inside, linked statically, does it with that one.
  if (auto* const own_end = find<int()>(plugin, "plugin_end")) return own_end() != 0;
  const auto report = curfew::end_library(plugin, {.daemon_grace = std::chrono::seconds(20)});
  for (const auto& t : report.left) std::printf("host: \"%s\" keeps the plugin loaded\n", t.name.c_str());
  return report.may_be_unloaded();
}

}  // namespace

int main(int, char** arguments) {
  const int lives = std::atoi(arguments[2]);
  for (int life = 0; life < lives; ++life) {
    void* const plugin = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
      std::fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    find<void()>(plugin, "plugin_begin")();
    while (find<int()>(plugin, "plugin_done")() < 7) (void)curfew::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!end(plugin)) return 1;
    dlclose(plugin);
  }
  void* const still_there = dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD);
  std::printf("host: the plugin has lived %d times, and is %s\n", lives,
              still_there != nullptr ? "still loaded" : "gone");
}
