// SPDX-License-Identifier: Apache-2.0
// What the end of the program waits for, in one line for the manager.
#pragma once

#include "os/small_text.hpp"

namespace curfew::inline v1::detail {

inline constexpr std::size_t most_of_status = 1000;  ///< bytes
using status_text = os::small_text<most_of_status + 1>;

/// `stopping: waits for 2 threads: "writer", "worker-1"`. Does not allocate; for a helper thread.
void append_exit_progress(status_text&) noexcept;

}  // namespace curfew::inline v1::detail
