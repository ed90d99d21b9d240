// SPDX-License-Identifier: Apache-2.0
#include "os/none/missing.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace curfew::inline v1::detail::os {

void missing(std::source_location called) noexcept {
  const char* const slash = std::strrchr(called.file_name(), '/');
  const char* const file = slash != nullptr ? slash + 1 : called.file_name();
  const int length = static_cast<int>(std::strcspn(file, "."));
  std::fprintf(stderr,
               "curfew: this system has no back end: `%s` is not written; src/os/%.*s.hpp says what it does, and "
               "docs/porting.md where to begin\n",
               called.function_name(), length, file);
  std::abort();
}

}  // namespace curfew::inline v1::detail::os
