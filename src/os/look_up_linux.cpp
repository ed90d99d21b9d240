// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/loaded_module_linux.hpp"
#include "os/look_up_linux.hpp"

#include <features.h>
#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#endif

#include <atomic>

namespace curfew::inline v1::detail::os {

void* find_in_c_library([[maybe_unused]] const char* name) noexcept {
#if defined(__GLIBC__)
  return find_in_module_of(reinterpret_cast<const void*>(&::gnu_get_libc_version), name);
#else
  return nullptr;
#endif
}

void look_up_functions() noexcept {
  static constinit std::atomic<bool> done{false};
  if (done.load(std::memory_order_acquire)) return;
  find_c_library_code();
  look_up_end_of_thread_locals();
  look_up_condition_functions();
  look_up_list_of_streams();
  done.store(true, std::memory_order_release);
}

}  // namespace curfew::inline v1::detail::os

#endif
