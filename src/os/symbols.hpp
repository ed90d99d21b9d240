// SPDX-License-Identifier: Apache-2.0
// Code addresses and error numbers in words.
#pragma once

#include "os/small_text.hpp"

namespace curfew::inline v1::detail::os {

using symbol_text = small_text<512>;

/// What a return address returns into: `app::stats::~stats()+0x12`, or `module+0x1234` where the symbol tables do not
/// say. Reads the module's file and may allocate: for a helper thread.
void append_code(symbol_text&, const void* address) noexcept;

/// In the call stack of a thread that runs exit (return addresses, innermost first): the code that the C library has
/// called there, a destructor or a handler. Null when the C library itself is at work, or exit is not in the stack.
const void* called_by_exit(void* const* frames, int count) noexcept;

/// What an error number says, in English. Null where the C library has no text for it, or none that can be had without
/// allocating: strerror may allocate.
const char* error_text(int error) noexcept;

}  // namespace curfew::inline v1::detail::os
