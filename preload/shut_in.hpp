// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exit/manner.hpp"

namespace curfew::preload {

/// Has this process given up system calls (seccomp), so that one too many would kill it?
detail::shut_in how_shut_in() noexcept;

}  // namespace curfew::preload
