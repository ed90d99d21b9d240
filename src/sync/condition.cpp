// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/condition.hpp>

#include "sync/parking.hpp"

#include <system_error>

namespace curfew::inline v1 {

void detail::misuse(std::errc code, const char* what) { throw std::system_error(std::make_error_code(code), what); }

void condition::wake(std::uint32_t most) noexcept { detail::wake_at(this, most); }

}  // namespace curfew::inline v1
