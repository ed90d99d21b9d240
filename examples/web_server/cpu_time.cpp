// SPDX-License-Identifier: Apache-2.0
#include "cpu_time.hpp"

#include <fstream>
#include <string>

std::chrono::nanoseconds cpu_time(pid_t thread) {
  std::ifstream in("/proc/self/task/" + std::to_string(thread) + "/schedstat");
  long long ns = 0;
  in >> ns;
  return std::chrono::nanoseconds(ns);
}
