// SPDX-License-Identifier: Apache-2.0
// cpp-httplib's connections on a curfew::thread_pool.
#pragma once

#include <curfew/pool.hpp>

#include <httplib.h>

#include <functional>
#include <utility>

/// A connection that was accepted is served to its end, also if the end of the program begins while it still waits for
/// a worker: a task that is to be finished, as all are that do not say otherwise.
class http_workers : public httplib::TaskQueue {
  /// bool, or void in older versions.
  using accepted = decltype(std::declval<httplib::TaskQueue&>().enqueue(nullptr));

 public:
  explicit http_workers(curfew::thread_pool& pool) : pool_(pool) {}
  accepted enqueue(std::function<void()> connection) override { return accepted(pool_.post(std::move(connection))); }
  /// The server has stopped to listen. The exit waits for the pool.
  void shutdown() override {}

 private:
  curfew::thread_pool& pool_;
};
