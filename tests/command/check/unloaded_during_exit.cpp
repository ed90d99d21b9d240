// SPDX-License-Identifier: Apache-2.0
//! error unloaded-code-running
// An exit handler closes a plugin while a thread of the plugin's sleeps in it. plugin.cpp is the other half.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

static void* plugin = nullptr;

int main(int, char** argv) {
  plugin = ::dlopen(PLUGIN, RTLD_NOW);
  if (plugin == nullptr) return std::puts(argv[0]), 1;
  std::atexit([] { ::dlclose(plugin); });
  ::usleep(20000);
}
