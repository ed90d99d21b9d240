// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/record.hpp"

#include <exception>

namespace curfew::inline v1::detail {

/// The calling thread's function was left with this: kept for the handle, and told to the hook unless a scope will
/// rethrow it.
void leave_with(record&, const std::exception_ptr&) noexcept;
/// Tells the hook. A hook that throws is reported, and the program terminates.
void tell_hook(const record&, const std::exception_ptr&) noexcept;

}  // namespace curfew::inline v1::detail
