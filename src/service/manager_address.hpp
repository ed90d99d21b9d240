// SPDX-License-Identifier: Apache-2.0
// What the manager says in the environment: where it listens, and how often it wants to hear something.
#pragma once

#include <curfew/forward.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>

namespace curfew::inline v1::detail {

struct manager_address {
  sockaddr_un name{};
  socklen_t size = 0;  ///< 0: no manager
};

/// NOTIFY_SOCKET's value; null and "" are no manager. Throws as service_notifier's constructor does.
manager_address parse_notify_socket(const char* value);

/// WATCHDOG_USEC and WATCHDOG_PID. Zero: no watchdog, or one for another process.
std::chrono::microseconds parse_watchdog(const char* usec, const char* pid);

}  // namespace curfew::inline v1::detail
