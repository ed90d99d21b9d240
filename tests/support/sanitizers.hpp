// SPDX-License-Identifier: Apache-2.0
// Which sanitizer this is built with: a few situations cannot be had under one.
#pragma once

#ifndef __has_feature
#define __has_feature(x) 0
#endif

namespace curfew_test {

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif

}  // namespace curfew_test
