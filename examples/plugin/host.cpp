// SPDX-License-Identifier: Apache-2.0
// A host that knows nothing of curfew: it loads a plugin, calls it, closes it, and returns from main.
#include <cstdio>

#include <dlfcn.h>

int main(int, char** argv) {
  void* const plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  reinterpret_cast<void (*)()>(dlsym(plugin, "start_export"))();
  dlclose(plugin);  // the plugin's thread still runs: with std::thread it would run in unmapped code now
  std::puts("host: closed the plugin and returns from main");
}
