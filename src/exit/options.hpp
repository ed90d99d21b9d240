// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/exit.hpp>

#include <string_view>

namespace curfew::inline v1::detail {

/// Returns a copy of the options in force. Allocates only for a long report path.
exit_options options_now();

/// Sets in `options` what `text` (CURFEW_EXIT) names. Returns false and leaves `options` as they were if the text does
/// not parse; `problem` is then the part that does not.
bool parse_exit_options(std::string_view text, exit_options& options, std::string_view& problem);

}  // namespace curfew::inline v1::detail
