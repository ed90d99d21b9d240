// SPDX-License-Identifier: Apache-2.0
// NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, one on each line.
#include "harness.hpp"

#include "service/manager_address.cpp"

#include <cstdlib>

CURFEW_FUZZ_TARGET(service_manager) {
  using namespace curfew::detail;
  std::string words[3];
  std::string* word = words;
  for (const char c : input)
    if (c == '\n' && word != words + 2)
      ++word;
    else
      *word += c;
  try {
    const manager_address address = parse_notify_socket(words[0].c_str());
    if (address.size > sizeof address.name) std::abort();
    if (parse_watchdog(words[1].c_str(), words[2].c_str()) < std::chrono::microseconds(0)) std::abort();
  } catch (const std::system_error&) {  // says which variable is wrong
  }
}
