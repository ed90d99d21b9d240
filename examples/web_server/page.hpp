// SPDX-License-Identifier: Apache-2.0
// The files of page/, as CMake has put them into the program.
#pragma once

#include <string_view>

namespace page {

extern const std::string_view html, css, script;

}  // namespace page
