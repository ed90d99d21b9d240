// SPDX-License-Identifier: Apache-2.0
// What sources of the library that targets include refer to. The library itself is not linked: nothing here starts a
// thread, or waits.
#include "exit/foreign.hpp"
#include "exit/policy.hpp"
#include "exit/request.hpp"
#include "exit/state.hpp"
#include "os/defer.hpp"
#include "os/futex.hpp"
#include "os/waits.hpp"
#include "registry/registry.hpp"

#include <cstring>

namespace curfew::inline v1::detail {

exit_policy policy;
constinit os::lock registry_mutex;
constinit thread_local bool initialised = false;

void initialise_this_thread() noexcept {}
void set_signal_spacing(std::chrono::milliseconds) noexcept {}
bool foreign_threads_are_tracked() noexcept { return true; }

namespace os {

constinit thread_local defer_state deferral;

bool futex_wait(const futex_word&, std::uint32_t, steady_time, std::uint32_t) noexcept { return false; }
void futex_wake(const futex_word&, int) noexcept {}
/// As of an address where nothing is mapped.
bool read_own_memory(std::uint64_t, void* to, std::size_t size) noexcept {
  std::memset(to, 0, size);
  return false;
}

}  // namespace os
}  // namespace curfew::inline v1::detail
