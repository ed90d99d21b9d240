// SPDX-License-Identifier: Apache-2.0
// Standard output and error, as the process was given them. A program may close them, and the next file that it opens
// is then descriptor 1 or 2: nothing must be written into that file.
#pragma once

namespace curfew::inline v1::detail::os {

/// Notes which files 1 and 2 are now.
void note_standard_descriptors() noexcept;

/// Returns `fd`, which is 1 or 2, or -1 if it was noted, and is closed or another file by now. Async-signal-safe, keeps
/// errno.
int standard_descriptor(int fd) noexcept;

}  // namespace curfew::inline v1::detail::os
