// SPDX-License-Identifier: Apache-2.0
//! error unloaded-code-running
// A plugin is closed while a thread of its own sleeps in it. plugin.cpp is the other half.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>

int main(int, char** argv) {
  void* const plugin = ::dlopen(PLUGIN, RTLD_NOW);
  if (plugin == nullptr) return std::puts(argv[0]), 1;
  ::usleep(20000);
  ::dlclose(plugin);
  ::usleep(20000);
}
