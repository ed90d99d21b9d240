// SPDX-License-Identifier: Apache-2.0
// Which sanitizer this is built with: a few situations cannot be tested under one.
#pragma once

#include <version>

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

/// Why a thread cannot be ended by pthread_exit here; null where it can.
#if defined(_LIBCPP_VERSION)
inline constexpr const char* no_pthread_exit = "pthread_exit and libunwind do not go together on Debian 12";
#else
inline constexpr const char* no_pthread_exit =
    address_sanitizer ? "UBSan takes g++'s catch of a forced unwind for a null reference" : nullptr;
#endif

/// Why a thread cannot be ended by pthread_cancel here; null where it can.
#if defined(_LIBCPP_VERSION)
inline constexpr const char* no_cancellation = "pthread_cancel and libunwind do not go together on Debian 12";
#else
inline constexpr const char* no_cancellation =
    address_sanitizer ? "AddressSanitizer fails in a stack that is unwound by pthread_cancel" : nullptr;
#endif

}  // namespace curfew_test
