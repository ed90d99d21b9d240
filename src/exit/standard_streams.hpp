// SPDX-License-Identifier: Apache-2.0
// std::cout, std::clog and their wide twins: what they have buffered has to be written when no destructor will do that.
#pragma once

#include <cstddef>
#include <ios>
#include <iterator>
#include <ostream>
#include <streambuf>

namespace curfew::inline v1::detail {

/// Finds them, if they have to be found. Call it before anything is frozen.
void find_standard_streams() noexcept;
/// Writes out what they hold themselves, as they do after sync_with_stdio(false). One that holds nothing, because stdio
/// holds it, is left alone: it would wait for the lock of stdout.
void flush_standard_streams() noexcept;

/// Returns how many characters wait in the stream's own area for output. A stream that has not been constructed has
/// nothing in its first word.
template <class Char>
std::size_t characters_held(const std::basic_ostream<Char>& stream) noexcept {
  using buffer_type = std::basic_streambuf<Char>;
  struct areas : buffer_type {
    static std::size_t held(const buffer_type& b) noexcept {
      const Char* const end = (b.*&areas::pptr)();
      return end != nullptr ? static_cast<std::size_t>(end - (b.*&areas::pbase)()) : 0;
    }
  };
  if (*reinterpret_cast<void* const*>(&stream) == nullptr) return 0;
  const buffer_type* const buffer = stream.rdbuf();
  return buffer != nullptr ? areas::held(*buffer) : 0;
}

}  // namespace curfew::inline v1::detail
