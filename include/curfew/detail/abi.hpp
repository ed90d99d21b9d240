// SPDX-License-Identifier: Apache-2.0
// What a program and the library must have in common, asked for before anything else: every header of curfew includes
// this one first. What the compiler can see is an #error; what only the linker can see is an undefined reference to
// `libcurfew_built_with_…`: the library that was found was built with something else than the name says. Without both
// the program would start, and crash.
#pragma once

#if __cplusplus < 202002L
#error "curfew needs C++20: compile with -std=c++20 or newer"
#include <curfew/detail/cplusplus_20_is_needed>  // is not there: ends the compilation, before all that would follow
#endif

#include <version>

#if !defined(__cpp_lib_jthread)
#error "curfew needs std::stop_token, which libc++ has with -fexperimental-library"
#include <curfew/detail/stop_token_is_needed>  // is not there
#endif

// The build defines CURFEW_GLIBCXX_DEBUG and CURFEW_GLIBCXX_OLD_STRINGS, for itself and for who uses it by CMake or
// pkg-config, if it has been configured so.
#if defined(_GLIBCXX_DEBUG) && !defined(CURFEW_GLIBCXX_DEBUG)
#error "_GLIBCXX_DEBUG changes the standard containers, and this curfew was built without it: build both the same way"
#include <curfew/detail/glibcxx_debug_is_for_both>  // is not there
#elif defined(CURFEW_GLIBCXX_DEBUG) && !defined(_GLIBCXX_DEBUG)
#error "this curfew was built with _GLIBCXX_DEBUG, which changes the standard containers: build both the same way"
#include <curfew/detail/glibcxx_debug_is_for_both>  // is not there
#endif
#if defined(_GLIBCXX_USE_CXX11_ABI)
#if _GLIBCXX_USE_CXX11_ABI == 0 && !defined(CURFEW_GLIBCXX_OLD_STRINGS)
#error "_GLIBCXX_USE_CXX11_ABI=0 changes std::string, and this curfew was built without it: build both the same way"
#include <curfew/detail/glibcxx_cxx11_abi_is_for_both>  // is not there
#elif _GLIBCXX_USE_CXX11_ABI != 0 && defined(CURFEW_GLIBCXX_OLD_STRINGS)
#error "this curfew was built with _GLIBCXX_USE_CXX11_ABI=0, which changes std::string: build both the same way"
#include <curfew/detail/glibcxx_cxx11_abi_is_for_both>  // is not there
#endif
#endif

#define CURFEW_JOIN_NAMES(a, b) a##b
#define CURFEW_JOIN(a, b) CURFEW_JOIN_NAMES(a, b)
#if defined(_LIBCPP_VERSION)
#define CURFEW_BUILT_WITH CURFEW_JOIN(libcurfew_built_with_libcxx_abi_, _LIBCPP_ABI_VERSION)
#else
#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI == 0
#define CURFEW_BUILT_WITH_STRINGS libcurfew_built_with_libstdcxx_GLIBCXX_USE_CXX11_ABI_0
#else
#define CURFEW_BUILT_WITH_STRINGS libcurfew_built_with_libstdcxx
#endif
#if defined(_GLIBCXX_DEBUG)
#define CURFEW_BUILT_WITH CURFEW_JOIN(CURFEW_BUILT_WITH_STRINGS, _GLIBCXX_DEBUG_)
#else
#define CURFEW_BUILT_WITH CURFEW_BUILT_WITH_STRINGS
#endif
#endif

namespace curfew {
inline namespace v1 {
namespace detail {

/// The library has the one that it was built with. In its name is the inline namespace, too.
[[gnu::visibility("default")]] extern const char CURFEW_BUILT_WITH;
/// Of each file that includes curfew: makes the linker look for it.
[[gnu::used]] static const char* const built_with = &CURFEW_BUILT_WITH;

}  // namespace detail
}  // namespace v1
}  // namespace curfew
