// SPDX-License-Identifier: Apache-2.0
// One thread writes for all: entries that come at the same time share a commit.
#pragma once

#include "journal.hpp"

#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <atomic>
#include <cstdint>
#include <future>
#include <string>
#include <vector>

/// Its thread is a daemon: the handlers that wait for it are what the end of the program waits for, and when they are
/// done, there is nothing left for it to do. It writes behind a shield, so that it is never frozen within a commit.
class flusher {
 public:
  explicit flusher(journal&);

  /// The number of the entry, once it is on the disk. The future throws what the journal has thrown.
  [[nodiscard]] std::future<std::int64_t> append(std::string entry);

  [[nodiscard]] std::size_t queued() const { return queue_.size(); }
  [[nodiscard]] std::uint64_t written() const noexcept { return written_.load(); }
  [[nodiscard]] std::uint64_t commits() const noexcept { return commits_.load(); }

 private:
  struct request {
    std::string entry;
    std::promise<std::int64_t> done;
  };
  void run();
  void write(std::vector<request>& batch);

  journal& journal_;
  curfew::blocking_queue<request> queue_;
  std::atomic<std::uint64_t> written_{0}, commits_{0};
  curfew::thread thread_;
};
