// SPDX-License-Identifier: Apache-2.0
// What the kernel says about this process.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include <sys/types.h>
#include <unistd.h>

namespace curfew_test {

/// How many threads the kernel counts. A sanitizer's own, which comes with the first other thread, is there already.
inline std::size_t kernel_threads() {
  static const bool first_thread_made = [] {
    pid_t id = 0;
    std::thread([&id] { id = ::gettid(); }).join();
    // It is listed for a moment after it was joined.
    while (std::filesystem::exists("/proc/self/task/" + std::to_string(id))) std::this_thread::yield();
    return true;
  }();
  static_cast<void>(first_thread_made);
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) ++n;
  return n;
}

/// The name the kernel has for a thread; empty when there is no such thread.
inline std::string kernel_name(pid_t id) {
  std::ifstream in("/proc/self/task/" + std::to_string(id) + "/comm");
  std::string name;
  std::getline(in, name);
  return name;
}

/// S, R, …; 0 when there is no such thread.
inline char kernel_state(pid_t id) {
  std::ifstream in("/proc/self/task/" + std::to_string(id) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto bracket = text.rfind(')');
  return bracket == std::string::npos || bracket + 2 >= text.size() ? '\0' : text[bracket + 2];
}

}  // namespace curfew_test
