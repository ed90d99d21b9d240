// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

/// How many threads are at the unlock of the allocator's mutex.
extern std::atomic<int> at_unlock;
