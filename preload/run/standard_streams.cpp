// SPDX-License-Identifier: Apache-2.0
// The program's std::cout and std::clog, if it has any: the preload library's own C++ runtime is not the program's.
#include "exit/standard_streams.hpp"

#include <dlfcn.h>

namespace curfew::inline v1::detail {
namespace {

/// One kind of characters: the streams, and the program's own function to write them out.
template <class Char>
struct streams {
  using stream_type = std::basic_ostream<Char>;

  void find(const char* output, const char* log, const char* function) noexcept {
    found[0] = static_cast<stream_type*>(::dlsym(RTLD_DEFAULT, output));
    found[1] = static_cast<stream_type*>(::dlsym(RTLD_DEFAULT, log));
    call = reinterpret_cast<void* (*)(void*)>(::dlsym(RTLD_DEFAULT, function));
  }
  void flush() const noexcept {
    if (call == nullptr) return;
    for (stream_type* const stream : found)
      if (stream != nullptr && characters_held(*stream) > 0) call(stream);
  }

  stream_type* found[2] = {};
  void* (*call)(void* stream) = nullptr;
};

constinit streams<char> narrow;
constinit streams<wchar_t> wide;

}  // namespace

void find_standard_streams() noexcept {
  // libstdc++'s names; of another C++ library's streams stdio holds what they have. Both have the same layout where
  // the preload library is built with libstdc++, as it is.
  narrow.find("_ZSt4cout", "_ZSt4clog", "_ZNSo5flushEv");
  wide.find("_ZSt5wcout", "_ZSt5wclog", "_ZNSt13basic_ostreamIwSt11char_traitsIwEE5flushEv");
}

void flush_standard_streams() noexcept {
#if defined(__GLIBCXX__)
  narrow.flush();
  wide.flush();
#endif
}

}  // namespace curfew::inline v1::detail
