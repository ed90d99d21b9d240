// SPDX-License-Identifier: Apache-2.0
// POSIX threads: making them, and reaping them.
#pragma once

#include "os/platform.hpp"

#include <curfew/forward.hpp>

#include <limits.h>
#include <pthread.h>

#include <cstddef>

namespace curfew::inline v1::detail::os {

/// True while the calling thread makes a thread that curfew accounts for itself: lock_tracking, which sees every
/// pthread_create, then does not take it for a foreign one.
CURFEW_API extern constinit thread_local bool making_own_thread [[gnu::tls_model("initial-exec")]];

/// pthread_create, joinable. `stack_size` 0: the system's default. Returns an errno value.
int make_thread(pthread_t* made, std::size_t stack_size, void* (*run)(void*), void* argument) noexcept;

/// Makes a thread of curfew's own: detached, every signal blocked, with a small stack.
bool make_helper(void* (*run)(void*), void* argument) noexcept;

/// Does the C library know that there never was a second thread? False where it does not say.
bool is_known_to_be_alone() noexcept;

/// pthread_tryjoin_np: true when the OS thread is gone; its resources then are too.
bool try_join(pthread_t) noexcept;

/// Is it impossible to join it? The thread must not have ended. Allocates.
bool is_detached(pthread_t) noexcept;

/// The destructors of a thread's keys run in so many turns, and each turn in any order. ThreadSanitizer ends its own
/// part of the thread in the last, after which no code that it has instrumented may run.
inline constexpr unsigned last_turn_of_keys = PTHREAD_DESTRUCTOR_ITERATIONS - CURFEW_TSAN;

/// From now on the calling thread cannot be cancelled. Returns what let_be_cancelled takes.
int forbid_cancelling() noexcept;
/// Not noexcept: if somebody has cancelled it meanwhile, and it is to be so at once, it ends in here.
void let_be_cancelled(int before);

/// From then on `ends(value)` is called when a thread with a value ends, after its C++ thread_local destructors. That
/// includes pthread_exit in main, but it never happens because of exit. Call it once, before the first value.
void on_end_of_thread(void (*ends)(void*)) noexcept;
/// The calling thread's value.
void set_end_value(void* value) noexcept;

}  // namespace curfew::inline v1::detail::os
