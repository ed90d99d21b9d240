// SPDX-License-Identifier: Apache-2.0
// A program loads a shared library that has a curfew of its own, and closes it while its threads run. The program has
// none, or one for lock_tracking.
#include "storm.hpp"

#include <dlfcn.h>

int main() {
  storm::raise_curtain();
  void* const plugin = ::dlopen(storm::beside(STORM_PLUGIN_OWN).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    std::fprintf(stderr, "%s\n", ::dlerror());
    std::exit(1);
  }
  storm::expect("plugin", 50);
  reinterpret_cast<void (*)(const char*)>(::dlsym(plugin, "plugin_start"))("plugin");
  ::dlclose(plugin);
  return storm::end();
}
