// SPDX-License-Identifier: Apache-2.0
// A preload library defines these functions itself, since the program's streams are not its own.
#include "exit/standard_streams.hpp"

namespace curfew::inline v1::detail {

void find_standard_streams() noexcept {}

#if defined(__GLIBCXX__)

// <iostream> would put an initialiser and a destructor of the standard streams into programs that do not use them: a
// third of what an exit costs. So they may not have been constructed.
[[gnu::visibility("default")]] extern std::ostream standard_output __asm__("_ZSt4cout");
[[gnu::visibility("default")]] extern std::ostream standard_log __asm__("_ZSt4clog");
[[gnu::visibility("default")]] extern std::wostream wide_output __asm__("_ZSt5wcout");
[[gnu::visibility("default")]] extern std::wostream wide_log __asm__("_ZSt5wclog");

namespace {

template <class Char>
void flush(std::basic_ostream<Char>& stream) noexcept {
  try {
    if (characters_held(stream) > 0) stream.flush();
  } catch (...) {  // NOLINT(bugprone-empty-catch): nobody is left to tell
  }
}

}  // namespace

void flush_standard_streams() noexcept {
  flush(standard_output);
  flush(standard_log);
  flush(wide_output);
  flush(wide_log);
}

#else

// libc++'s streams hold nothing back, they write to stdio's; and flushing them waits for stdout's lock.
void flush_standard_streams() noexcept {}

#endif

}  // namespace curfew::inline v1::detail
