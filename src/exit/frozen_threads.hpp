// SPDX-License-Identifier: Apache-2.0
// Which threads are frozen, as freeze_daemons.cpp has chosen them.
#pragma once

#include "os/freeze.hpp"
#include "registry/record.hpp"

#include <curfew/registry.hpp>

#include <pthread.h>

#include <vector>

namespace curfew::inline v1::detail {

/// Which threads are frozen, kept for the watch. Never destroyed; written before the freeze, read after it.
struct frozen_threads {
  std::vector<record_ref> records;
  // In the same order, the records' first, then foreign threads'.
  std::vector<os::freeze_cell*> cells;
  std::vector<pthread_t> pthreads;
  std::vector<thread_info> infos;
  std::vector<thread_info> ended;
  frozen_threads* earlier = nullptr;  ///< by finish() or an exit_guard, before the exit
};
extern constinit frozen_threads* last_frozen;  ///< the last ones; null before the first freeze

}  // namespace curfew::inline v1::detail
