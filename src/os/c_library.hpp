// SPDX-License-Identifier: Apache-2.0
// What has to be known of the C library's insides: where its code lies, and whether somebody holds one of its locks.
// docs/freezing.md lists what depends on which C library.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// Notes where the code of the C library, the loader and the allocator lies. Allocates; once.
void find_c_library_code() noexcept;
/// Async-signal-safe.
bool is_busy_code(const void* address) noexcept;

/// Takes and gives back the C library's locks: allocator, list of streams, loader, exit handlers, time zone,
/// environment, locales. Does not return while somebody holds one of them for good: call it on a helper thread.
void touch_c_library_locks() noexcept;

}  // namespace curfew::inline v1::detail::os
