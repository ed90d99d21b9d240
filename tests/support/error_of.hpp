// SPDX-License-Identifier: Apache-2.0
// The error that a call throws, as a value that a test can compare.
#pragma once

#include <system_error>

namespace curfew_test {

/// Nothing thrown: no error. What is no std::system_error goes on.
template <class Action>
std::error_code code_of(Action action) {
  try {
    action();
  } catch (const std::system_error& e) {
    return e.code();
  }
  return {};
}

template <class Action>
std::errc error_of(Action action) {
  return static_cast<std::errc>(code_of(action).value());
}

}  // namespace curfew_test
