// SPDX-License-Identifier: Apache-2.0
// Sleeping on a word, and waking the threads that sleep on it. Async-signal-safe; keeps errno.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/forward.hpp>

#include "os/futex_marks.hpp"

#include <atomic>
#include <climits>
#include <cstdint>

namespace curfew::inline v1::detail::os {

using futex_word = std::atomic<std::uint32_t>;

inline constexpr steady_time forever = steady_time::max();

/// Sleeps while `word` is `expected`, at most until `deadline`. Returns false only if the deadline has passed. May
/// return early for no reason, as futexes do: callers loop. `mark` can be seen from outside (futex_marks.hpp).
CURFEW_API bool futex_wait(const futex_word& word, std::uint32_t expected, steady_time deadline = forever,
                           std::uint32_t mark = no_mark) noexcept;
/// The same, for waits that a signal handler of the program ends. ThreadSanitizer puts handlers off until a function
/// that it knows is called, so under it this looks every few milliseconds.
bool futex_wait_for_signal(const futex_word& word, std::uint32_t expected, steady_time deadline = forever,
                           std::uint32_t mark = no_mark) noexcept;
/// As futex_wait_for_signal, and a cancellation point: pthread_cancel unwinds the calling thread out of it. Only where
/// the C library's cancellation runs destructors (glibc); elsewhere it would leave the caller's objects behind.
bool futex_wait_cancellable(const futex_word& word, std::uint32_t expected, steady_time deadline);
CURFEW_API void futex_wake(const futex_word& word, int how_many = INT_MAX) noexcept;

}  // namespace curfew::inline v1::detail::os
