// SPDX-License-Identifier: Apache-2.0
#include "os/symbols.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void append_code(symbol_text&, const void*) noexcept { missing(); }
const void* called_by_exit(void* const*, int) noexcept { missing(); }
const char* error_text(int) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
