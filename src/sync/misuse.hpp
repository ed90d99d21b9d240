// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <system_error>

namespace curfew::inline v1::detail {

[[noreturn]] inline void misuse(std::errc code, const char* what) {
  throw std::system_error(std::make_error_code(code), what);
}

}  // namespace curfew::inline v1::detail
