// SPDX-License-Identifier: Apache-2.0
// The program's std::cout and std::clog, if it has any: the preload library's own C++ runtime is not the program's.
#include "exit/standard_streams.hpp"

#include <dlfcn.h>

namespace curfew::inline v1::detail {
namespace {

using flush_function = void* (*)(void* stream);

void* streams[2] = {};
flush_function flush = nullptr;

}  // namespace

void find_standard_streams() noexcept {
  // libstdc++'s names; of another C++ library's streams stdio holds what they have.
  streams[0] = ::dlsym(RTLD_DEFAULT, "_ZSt4cout");
  streams[1] = ::dlsym(RTLD_DEFAULT, "_ZSt4clog");
  flush = reinterpret_cast<flush_function>(::dlsym(RTLD_DEFAULT, "_ZNSo5flushEv"));
}

void flush_standard_streams() noexcept {
  if (flush == nullptr) return;
  for (void* const stream : streams)  // one that has not been constructed has nothing in its first word
    if (stream != nullptr && *static_cast<void* const*>(stream) != nullptr) flush(stream);
}

}  // namespace curfew::inline v1::detail
