// SPDX-License-Identifier: Apache-2.0
// A pthread_create that can be held up, between `curfew run` and the C library.
#pragma once

#include <pthread.h>

#include <atomic>

extern std::atomic<void (*)()> before_start;            ///< called by each new thread, before anybody knows of it
extern std::atomic<void (*)(pthread_t)> before_return;  ///< called by the maker when the thread has been made
