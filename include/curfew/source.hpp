// SPDX-License-Identifier: Apache-2.0
// Where in the program something was made.
#pragma once

#include <curfew/forward.hpp>

namespace curfew {
inline namespace v1 {

/// A place in the program: a file and a line if the compiler knew them, and in any case a code address.
///
/// It is not `std::source_location` because clang 14 and 15 cannot compile libstdc++'s, and because a thread made
/// without options has no file and line: a variadic constructor cannot see its caller's. `addr2line` then finds the
/// place from the address.
struct source {
  const char* file = nullptr;      ///< as the compiler was given it; null when only the address is known
  unsigned line = 0;               ///< 0 when `file` is null
  const char* function = nullptr;  ///< the enclosing function's plain name; null when `file` is
  const void* address = nullptr;   ///< in the code of the caller; null for the main and foreign threads

  /// Returns the place that calls it, if it is called without arguments.
  [[nodiscard]] static constexpr source here(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE(),
                                             const char* function = __builtin_FUNCTION()) noexcept {
    return source{file, line, function, nullptr};
  }
};

}  // namespace v1
}  // namespace curfew
