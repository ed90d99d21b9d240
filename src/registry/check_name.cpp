// SPDX-License-Identifier: Apache-2.0
#include "registry/check_name.hpp"

#include <system_error>

namespace curfew::inline v1::detail {

void check_name(std::string_view name) {
  if (name.find('\0') != std::string_view::npos)
    throw std::system_error(std::make_error_code(std::errc::invalid_argument), "curfew: a name must not contain a NUL");
}

}  // namespace curfew::inline v1::detail
