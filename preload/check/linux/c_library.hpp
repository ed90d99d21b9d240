// SPDX-License-Identifier: Apache-2.0
// The C library's own functions, past what this library puts in front of them.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <cstddef>

namespace curfew::check {

/// Looks all of them up. Before main.
void find_c_library() noexcept;

int real_sigaction(int signal, const struct sigaction* to, struct sigaction* before) noexcept;
int real_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept;
int real_cxa_atexit(void (*)(void*), void*, void*) noexcept;
int real_thread_atexit(void (*)(void*), void*, void*) noexcept;
std::size_t usable_size(void*) noexcept;
/// How many bytes before each block belong to the allocator and to nobody else. The C library keeps a word there;
/// others put block beside block.
std::size_t block_header() noexcept;

}  // namespace curfew::check
