// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/look_up_linux.hpp"

#include <atomic>

namespace curfew::inline v1::detail::os {

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
