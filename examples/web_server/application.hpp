// SPDX-License-Identifier: Apache-2.0
// What the handlers share.
#pragma once

#include "flusher.hpp"
#include "journal.hpp"
#include "settings.hpp"

#include <curfew/pool.hpp>
#include <curfew/service.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

struct application {
  /// Opens the journal. Errors: std::runtime_error.
  application(const settings&, std::string last_exit_report);

  /// What has to be done before the program may end; the streams of `/events` are not counted.
  [[nodiscard]] std::size_t work_left() const;

  const settings& options;
  const std::string last_exit;  ///< the report of the exit before this start
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  curfew::readiness ready;
  curfew::request_counter requests;
  std::atomic<unsigned> streams{0};  ///< of `/events`, each on a worker
  std::atomic<std::uint64_t> ticks{0};
  std::atomic<std::uint64_t> skippable_done{0};

  journal entries;
  flusher writer;
  curfew::thread_pool http, tasks;
};
