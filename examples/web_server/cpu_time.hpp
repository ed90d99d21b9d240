// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>

/// How long a thread of this process has been on a processor; 0 where the system does not say.
std::chrono::nanoseconds cpu_time(pid_t thread);
