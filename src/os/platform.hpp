// SPDX-License-Identifier: Apache-2.0
// The one place that reads the macros of systems, processors and sanitizers.
#pragma once

// CMake's CURFEW_OS=none builds the back end of a system that has none yet, on whatever system this is.
#if defined(__linux__) && !defined(CURFEW_OS_NONE)
#define CURFEW_OS_LINUX 1
#else
#define CURFEW_OS_LINUX 0
#endif

#if defined(__x86_64__)
#define CURFEW_CPU_X86_64 1
#else
#define CURFEW_CPU_X86_64 0
#endif

#if defined(__aarch64__)
#define CURFEW_CPU_AARCH64 1
#else
#define CURFEW_CPU_AARCH64 0
#endif

#if defined(__SANITIZE_THREAD__)
#define CURFEW_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CURFEW_TSAN 1
#endif
#endif
#if !defined(CURFEW_TSAN)
#define CURFEW_TSAN 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define CURFEW_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CURFEW_ASAN 1
#endif
#endif
#if !defined(CURFEW_ASAN)
#define CURFEW_ASAN 0
#endif
