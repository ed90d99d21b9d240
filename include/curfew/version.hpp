// SPDX-License-Identifier: Apache-2.0
// The version: of these headers at compile time, of the library at run time. CMake and the packages read it from here.
#pragma once

#include <curfew/forward.hpp>

#define CURFEW_VERSION_MAJOR 0
#define CURFEW_VERSION_MINOR 1
#define CURFEW_VERSION_PATCH 0
// The binary interface. It is raised, together with the inline namespace (`v1`), by a change that programs which are
// already built do not survive, whatever the version is: `libcurfew.so.0`.
#define CURFEW_SOVERSION 0

// For `#if CURFEW_VERSION >= 100`: 10000 * major + 100 * minor + patch.
#define CURFEW_VERSION (10000 * CURFEW_VERSION_MAJOR + 100 * CURFEW_VERSION_MINOR + CURFEW_VERSION_PATCH)

#define CURFEW_VERSION_TEXT_OF(number) #number
#define CURFEW_VERSION_TEXT(major, minor, patch) \
  CURFEW_VERSION_TEXT_OF(major) "." CURFEW_VERSION_TEXT_OF(minor) "." CURFEW_VERSION_TEXT_OF(patch)
// "0.1.0".
#define CURFEW_VERSION_STRING CURFEW_VERSION_TEXT(CURFEW_VERSION_MAJOR, CURFEW_VERSION_MINOR, CURFEW_VERSION_PATCH)

namespace curfew {
inline namespace v1 {

/// The version of the library that the program runs with, as `CURFEW_VERSION_STRING` has it. With a shared library it
/// may be newer than the headers that the program was compiled with. The text stays valid for ever; the call is
/// async-signal-safe, and may be made from any thread at any time.
[[nodiscard]] CURFEW_API const char* library_version() noexcept;

}  // namespace v1
}  // namespace curfew
