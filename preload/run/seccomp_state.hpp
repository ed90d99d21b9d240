// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exit/policy.hpp"

namespace curfew::preload {

/// Has this process given up system calls (seccomp), so that one too many would kill it?
detail::seccomp_state get_seccomp_state() noexcept;

}  // namespace curfew::preload
