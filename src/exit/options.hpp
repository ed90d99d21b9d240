// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/exit.hpp>

#include <string_view>

namespace curfew::inline v1::detail {

/// A copy of the options in force, without allocation but for a long report path.
exit_options options_now();

/// Lays what `text` (CURFEW_EXIT) names over `options`. False, and `options` as they were, when it does not parse;
/// `problem` is then the part that does not.
bool parse_exit_options(std::string_view text, exit_options& options, std::string_view& problem);

}  // namespace curfew::inline v1::detail
