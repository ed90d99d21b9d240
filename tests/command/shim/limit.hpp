// SPDX-License-Identifier: Apache-2.0
// A library behind the command's, in which no thread can be started once this is set.
#pragma once

#include <atomic>

extern std::atomic<bool> no_more_threads;
