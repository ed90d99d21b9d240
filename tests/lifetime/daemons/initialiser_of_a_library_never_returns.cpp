// SPDX-License-Identifier: Apache-2.0
// A daemon stays in the initialiser of a library that it loads, with the loader's lock, and is frozen there: what the
// exit needs by name was looked up when the daemon was started. Behind the program's destructors the C library wants
// that lock for ever; nothing is lost, and the process ends.
//! status: 3
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <dlfcn.h>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate inside;

extern "C" [[gnu::visibility("default")]] void library_is_initialised() { inside.open(); }

int main() {
  curfew::thread({.daemon = true}, [] { ::dlopen(LIBRARY_THAT_STAYS, RTLD_NOW); }).detach();
  inside.wait();
  return 3;
}
