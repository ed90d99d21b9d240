// SPDX-License-Identifier: Apache-2.0
// Which alternate signal stack a thread has: whoever freezes it must not send a signal that asks for one that is gone.
#include "os/signal_stacks.hpp"
#include "lock_tracking/next.hpp"

#include <signal.h>

namespace {

curfew::detail::next_function<int(const stack_t*, stack_t*)> constinit next_sigaltstack("sigaltstack");

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() { next_sigaltstack.get(); }

}  // namespace

/// So that this object is linked: see threads.cpp.
extern "C" {
extern const char curfew_lock_tracking_signal_stacks;
const char curfew_lock_tracking_signal_stacks = 0;
}

extern "C" CURFEW_TRACKED int sigaltstack(const stack_t* wanted, stack_t* before) noexcept {
  const int error = next_sigaltstack.get()(wanted, before);
  if (error == 0 && wanted != nullptr)
    curfew::detail::os::note_signal_stack((wanted->ss_flags & SS_DISABLE) == 0 ? wanted->ss_sp : nullptr,
                                          wanted->ss_size);
  return error;
}
