// SPDX-License-Identifier: Apache-2.0
// Which threads exist: thread_info.hpp, and the list of them, which needs <vector>.
#pragma once

#include <curfew/forward.hpp>
#include <curfew/thread_info.hpp>

#include <vector>

namespace curfew {
inline namespace v1 {

/// Returns all threads that curfew knows and that have not ended, ordered by number, including the main thread and
/// threads that are starting. A thread that was joined is never listed. Thread-safe; not for signal handlers (it
/// allocates).
[[nodiscard]] CURFEW_API std::vector<thread_info> enumerate();

}  // namespace v1
}  // namespace curfew
