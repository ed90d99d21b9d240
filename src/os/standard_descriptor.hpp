// SPDX-License-Identifier: Apache-2.0
// Standard output and error, as the process was given them. A program may close them, and the next file that it opens
// is then descriptor 1 or 2: nothing must be written into that file.
#pragma once

#include <curfew/detail/timeout.hpp>

namespace curfew::inline v1::detail::os {

/// Notes which files 1 and 2 are now.
void note_standard_descriptors() noexcept;

/// Returns `fd`, which is 1 or 2, or -1 if it was noted, and is closed or another file by now. Async-signal-safe, keeps
/// errno.
int standard_descriptor(int fd) noexcept;

/// Waits until a write of some kilobytes to `fd` does not block. Returns false if `until` came first.
/// Async-signal-safe, keeps errno.
bool can_be_written(int fd, steady_time until) noexcept;

}  // namespace curfew::inline v1::detail::os
