// SPDX-License-Identifier: Apache-2.0
// A preload library defines these functions itself, since the program's streams are not its own.
#include "exit/standard_streams.hpp"

#include <ostream>
#if !defined(__GLIBCXX__)
#include <iostream>
#endif

namespace curfew::inline v1::detail {

#if defined(__GLIBCXX__)
// <iostream> would put an initialiser and a destructor of the standard streams into programs that do not use them: a
// third of what an exit costs. So they may not have been constructed, which shows in their first word.
[[gnu::visibility("default")]] extern std::ostream standard_output __asm__("_ZSt4cout");
[[gnu::visibility("default")]] extern std::ostream standard_log __asm__("_ZSt4clog");
#else
static std::ostream& standard_output = std::cout;
static std::ostream& standard_log = std::clog;
#endif

namespace {

void flush(std::ostream& stream) {
  if (*reinterpret_cast<void* const*>(&stream) != nullptr) stream.flush();
}

}  // namespace

void find_standard_streams() noexcept {}

void flush_standard_streams() noexcept {
  try {
    flush(standard_output);  // a buffer of its own after sync_with_stdio(false); never destroyed
    flush(standard_log);
  } catch (...) {  // NOLINT(bugprone-empty-catch): nobody is left to tell
  }
}

}  // namespace curfew::inline v1::detail
