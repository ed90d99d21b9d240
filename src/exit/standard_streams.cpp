// SPDX-License-Identifier: Apache-2.0
// A preload library defines these functions itself, since the program's streams are not its own.
#include "exit/standard_streams.hpp"

#include <ostream>

namespace curfew::inline v1::detail {

void find_standard_streams() noexcept {}

#if defined(__GLIBCXX__)

// <iostream> would put an initialiser and a destructor of the standard streams into programs that do not use them: a
// third of what an exit costs. So they may not have been constructed, which shows in their first word.
[[gnu::visibility("default")]] extern std::ostream standard_output __asm__("_ZSt4cout");
[[gnu::visibility("default")]] extern std::ostream standard_log __asm__("_ZSt4clog");

namespace {

void flush(std::ostream& stream) {
  if (*reinterpret_cast<void* const*>(&stream) != nullptr) stream.flush();
}

}  // namespace

void flush_standard_streams() noexcept {
  try {
    flush(standard_output);  // a buffer of its own after sync_with_stdio(false); never destroyed
    flush(standard_log);
  } catch (...) {  // NOLINT(bugprone-empty-catch): nobody is left to tell
  }
}

#else

// libc++'s streams hold nothing back, they write to stdio's; and flushing them waits for stdout's lock.
void flush_standard_streams() noexcept {}

#endif

}  // namespace curfew::inline v1::detail
