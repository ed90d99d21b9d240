// SPDX-License-Identifier: Apache-2.0
#include "exit/policy.hpp"
#include "os/small_text.hpp"

#include <unistd.h>

namespace curfew::inline v1::detail {

void report_line(std::string_view line) noexcept {
  if (policy.report_line != nullptr) return policy.report_line(line);
  os::small_text<6100> whole;
  whole << line << "\n";
  os::write_all(STDERR_FILENO, whole.view());
}

}  // namespace curfew::inline v1::detail
