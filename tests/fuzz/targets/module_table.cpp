// SPDX-License-Identifier: Apache-2.0
// The lines of /proc/self/maps, as signal handlers read them.
#include "harness.hpp"

#include "os/errno_keeper.hpp"
#include "os/module_table.hpp"
#include "os/platform.hpp"
#include "os/waits.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>

// What the file includes is above: a function open() of others' is not meant.
#define open(path, ...) fuzz_open(path)
#include "os/module_table_linux.cpp"
#undef open

CURFEW_FUZZ_TARGET(module_table) {
  static const auto table = std::make_unique<curfew::detail::os::module_table>();
  const fuzz::files_are content(input);
  table->read();
  const auto* const found = table->find(0x7f0000001000);
  // What is found has the address, and a path that ends.
  if (found != nullptr && (found->begin > 0x7f0000001000 || found->path[0] != '/')) std::abort();
}
