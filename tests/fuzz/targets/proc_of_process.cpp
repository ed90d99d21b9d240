// SPDX-License-Identifier: Apache-2.0
// What `curfew dump` reads in /proc/PID: maps, stat, status, the tables of sockets.
#include "harness.hpp"

#include "dump/memory.hpp"
#include "dump/registers.hpp"
#include "dump/target.hpp"
#include "failure.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <sstream>

// What the file includes is above: a function open() of others' is not meant.
#define open(path, ...) fuzz_open(path)
#include "tool/dump/target.cpp"
#undef open
#include "tool/dump/descriptors.cpp"

CURFEW_FUZZ_TARGET(proc_of_process) {
  using namespace curfew::tool::dump;
  const auto mappings = read_mappings(input);
  for (const std::uint64_t at :
       {std::uint64_t{0}, std::uint64_t{0x400123}, std::uint64_t{0x7f0000001000}, ~std::uint64_t{0}})
    if (const mapping* const found = mapping_at(mappings, at); found != nullptr && !found->has(at)) std::abort();
  const fuzz::files_are content(input);
  status_of("/proc/1/");
  read_task(1, 1);
  of_internet(1, "12345");
  of_unix(1, "12345");
  descriptors_of_epoll(1, 3);
}
