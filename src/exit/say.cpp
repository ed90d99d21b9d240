// SPDX-License-Identifier: Apache-2.0
#include "exit/manner.hpp"
#include "os/small_text.hpp"

#include <unistd.h>

namespace curfew::inline v1::detail {

void say_at_exit(std::string_view line) noexcept {
  if (manner.say != nullptr) return manner.say(line);
  os::small_text<6100> whole;
  whole << line << "\n";
  os::write_all(STDERR_FILENO, whole.view());
}

}  // namespace curfew::inline v1::detail
