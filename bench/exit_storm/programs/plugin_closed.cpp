// SPDX-License-Identifier: Apache-2.0
// A shared library that uses the program's curfew is closed while its threads run: a daemon and a regular one.
#include "storm.hpp"

#include <dlfcn.h>

static int start(const char* writer) {
  void* const plugin = ::dlopen(storm::beside(STORM_PLUGIN).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    std::fprintf(stderr, "%s\n", ::dlerror());
    std::exit(1);
  }
  storm::expect(writer, 50);
  reinterpret_cast<void (*)(const char*)>(::dlsym(plugin, "plugin_start"))(writer);
  return ::dlclose(plugin);
}

int main() {
  storm::daemons(1, [] { std::string word(100, 'w'); });
  start("plugin-1");
  start("plugin-2");
  return storm::end();
}
