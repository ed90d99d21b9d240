// SPDX-License-Identifier: Apache-2.0
// std::shared_ptr and std::unique_ptr without the rest of <memory>, such as its parallel algorithms.
#pragma once

#include <curfew/forward.hpp>

#include <version>

#if defined(__GLIBCXX__) && __has_include(<bits/shared_ptr.h>) && __has_include(<bits/unique_ptr.h>)
#include <bits/shared_ptr.h>
#include <bits/unique_ptr.h>
#else
#include <memory>
#endif
