// SPDX-License-Identifier: Apache-2.0
// std::function without the rest of <functional>, whose searchers bring <unordered_map> and the algorithms: ten
// thousand lines, a sixth of all that <curfew/curfew.hpp> would cost.
#pragma once

#include <curfew/forward.hpp>

#include <new>
#include <version>

#if defined(__GLIBCXX__) && __has_include(<bits/std_function.h>)
#include <bits/std_function.h>
#else
#include <functional>
#endif
