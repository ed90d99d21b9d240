// SPDX-License-Identifier: Apache-2.0
// Bounded waits with back-off: how tests synchronise. Nothing here has a destructor, so statics of these types may be
// used by threads that outlive main.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace curfew_test {

using namespace std::chrono_literals;

/// A time limit, stretched for slow builds.
constexpr std::chrono::milliseconds patient(std::chrono::milliseconds limit) { return limit * CURFEW_TEST_TIME_FACTOR; }

/// Asks until the answer is yes or the limit has passed; the last answer.
template <class Predicate>
[[nodiscard]] bool eventually(Predicate predicate, std::chrono::milliseconds limit = 20s) {
  const auto until = std::chrono::steady_clock::now() + patient(limit);
  for (auto pause = std::chrono::microseconds(20);; pause = std::min<std::chrono::microseconds>(pause * 2, 10ms)) {
    if (predicate()) return true;
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(pause);
  }
}

/// One thread opens it, others wait for that, but not for ever.
class gate {
 public:
  void open() noexcept { open_.store(true); }
  [[nodiscard]] bool is_open() const noexcept { return open_.load(); }
  /// Throws when it is not opened in time: a test that hangs says where.
  void wait() const {
    if (!eventually([this] { return is_open(); })) throw std::runtime_error("a gate was not opened in time");
  }

 private:
  std::atomic<bool> open_{false};
};

class stopwatch {
 public:
  [[nodiscard]] std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace curfew_test
