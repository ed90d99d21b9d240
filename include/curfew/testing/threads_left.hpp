// SPDX-License-Identifier: Apache-2.0
// Threads that a piece of code has left behind: for tests. curfew/testing/gtest.hpp, catch2.hpp and doctest.hpp ask it
// for each test; with another framework:
//
//     const curfew::testing::thread_set before;
//     run_the_test();
//     if (const std::string left = before.left_behind(); !left.empty()) fail(left);
#pragma once

#include <curfew/forward.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace curfew {
inline namespace v1 {
namespace testing {

struct leak_options {
  /// How long a thread may take to end after the test: it is looked for again and again meanwhile, at ever longer
  /// intervals, and the test goes on as soon as none is left.
  std::chrono::milliseconds linger{1000};
  /// Threads that may stay. `*` stands for any text. It is compared with the thread's name, with the place where it was
  /// started ("pool.cpp:31"), and with each function on its stack: "grpc_*", "*pool.cpp:*", "*TimerThread::run*".
  std::vector<std::string> ignore{};
  /// Also threads that curfew did not start.
  bool foreign = true;
};

/// The threads that there are at a moment.
class CURFEW_API thread_set {
 public:
  /// Those of now.
  thread_set();

  /// Waits until the threads that were started since have ended, and describes those that have not: name, kind, age,
  /// where it was started, what it is blocked in, and its stack. Empty if there are none. Idle workers of curfew's
  /// pools are not counted, and neither are curfew's own threads and those of sanitizers.
  [[nodiscard]] std::string left_behind(const leak_options& = {}) const;

 private:
  std::vector<pid_t> ids_;
  std::vector<std::uint64_t> numbers_;
};

}  // namespace testing
}  // namespace v1
}  // namespace curfew
