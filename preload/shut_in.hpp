// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace curfew::preload {

/// May this process have given up system calls (seccomp), so that one too many would kill it?
bool may_be_shut_in() noexcept;

}  // namespace curfew::preload
