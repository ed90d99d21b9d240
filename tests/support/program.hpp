// SPDX-License-Identifier: Apache-2.0
// What the plain programs share: they print lines, and the runner compares them. A check that fails is a line on stderr
// that the runner does not expect.
#pragma once

#include <support/wait.hpp>

#include <system_error>

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#define CHECK(condition) \
  ((condition) ? void() : void(std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition)))

namespace curfew_test {

/// A whole line, out of the process at once: what the runner waits for before it sends a signal, and what must be seen
/// however the process ends.
inline void say(const char* line) {
  std::puts(line);
  std::fflush(stdout);
}

/// Says so when it is destroyed.
struct speaking {
  const char* line;
  explicit speaking(const char* l) : line(l) {}
  speaking(const speaking&) = delete;
  speaking& operator=(const speaking&) = delete;
  ~speaking() { std::puts(line); }
};

/// Names the error that `action` throws.
template <class Action>
const char* error_of(Action action) {
  try {
    action();
  } catch (const std::system_error& e) {
    if (e.code() == std::errc::resource_deadlock_would_occur) return "resource_deadlock_would_occur";
    if (e.code() == std::errc::invalid_argument) return "invalid_argument";
    if (e.code() == std::errc::resource_unavailable_try_again) return "resource_unavailable_try_again";
    if (e.code() == std::errc::operation_canceled) return "exit_in_progress";
    return "another system_error";
  } catch (...) {
    return "another exception";
  }
  return "no error";
}

/// Ends the program as skipped; the runner shows the reason.
[[noreturn]] inline void skip(const char* reason) {
  std::printf("skipped: %s\n", reason);
  std::fflush(stdout);
  ::_exit(77);
}

}  // namespace curfew_test
