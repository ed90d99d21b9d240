// SPDX-License-Identifier: Apache-2.0
// Condition variables of the C library once threads are being frozen, for the functions in front of its own.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

/// Must all waiters be woken where one was to be woken? A frozen thread may be the one that gets the notification, and
/// a live one would sleep on. A wait may end for no reason at any time.
CURFEW_API bool notification_may_be_lost(const void* condition) noexcept;

/// Waits until no thread is left on it that may still use it. Returns false if one is left, for which a destruction
/// would wait for ever. Returns at once while nothing is frozen.
CURFEW_API bool may_be_destroyed(const void* condition) noexcept;

/// See os::set_broadcast.
CURFEW_API void set_condition_broadcast(int (*)(void*)) noexcept;

}  // namespace curfew::inline v1::detail
