// SPDX-License-Identifier: Apache-2.0
// Daemons inside dlopen() and dlclose(); a static destructor opens a library too.
#include "storm.hpp"

#include <dlfcn.h>

static const std::string module = storm::beside("storm_module.so");

static void load() {
  if (void* const handle = ::dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL)) ::dlclose(handle);
}

struct saver {
  ~saver() { load(); }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(2, load);
  return storm::end();
}
