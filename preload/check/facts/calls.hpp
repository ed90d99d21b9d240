// SPDX-License-Identifier: Apache-2.0
// The C library's own functions, past what this library puts in front of them.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cstddef>

namespace curfew::check {

/// Begins what the library does, if that has not happened yet.
void begin_early() noexcept;

/// Looks all of them up. Before main.
void find_real_functions() noexcept;

int real_sigaction(int signal, const struct sigaction* to, struct sigaction* before) noexcept;
int real_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept;
int real_cxa_atexit(void (*)(void*), void*, void*) noexcept;
int real_thread_atexit(void (*)(void*), void*, void*) noexcept;
std::size_t usable_size(void*) noexcept;
/// How many bytes before each block belong to the allocator and to nobody else. The C library keeps a word there;
/// others put block beside block.
std::size_t block_header() noexcept;

/// The thread that exits; 0 until the exit begins.
extern constinit std::atomic<int> exiting_tid;

/// Has the exit begun? Asked at every free().
[[gnu::always_inline]] inline bool exiting() noexcept { return exiting_tid.load(std::memory_order_acquire) != 0; }
/// Is the calling thread the one that exits?
bool is_exiting_thread() noexcept;

}  // namespace curfew::check
