// SPDX-License-Identifier: Apache-2.0
// What the tests of the sample suites do. Each suite has them all, in its framework's words; suite.py knows which are
// to fail.
#pragma once

#include <curfew/thread.hpp>

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace sample {

inline std::atomic<bool> never{false};

/// Stays on the stack, whatever the compiler does.
[[gnu::noinline]] inline void wait_here() {
  while (!never.load()) std::this_thread::sleep_for(std::chrono::hours(1));
}
[[gnu::noinline]] inline void left_function() {
  wait_here();
  never.load();
}
[[gnu::noinline]] inline void allowed_function() {
  wait_here();
  never.load();
}

inline void joins() {
  curfew::thread([] {}).join();
}
inline void leaves_a_daemon() {
  curfew::thread({.name = "left daemon", .daemon = true}, [] { left_function(); }).detach();
}
inline void leaves_a_foreign_thread() {
  std::thread([] {
    ::pthread_setname_np(::pthread_self(), "left foreign");
    left_function();
  }).detach();
}
inline void leaves_one_that_ends_soon() {
  curfew::thread([] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }).detach();
  std::thread([] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }).detach();
}
inline void leaves_one_allowed_by_name() {
  curfew::thread({.name = "allowed by name", .daemon = true}, &wait_here).detach();
}
inline void leaves_one_allowed_by_function() { std::thread(&allowed_function).detach(); }

}  // namespace sample
