// SPDX-License-Identifier: Apache-2.0
#include "exit/return_from_main.hpp"

#include "exit/drain.hpp"
#include "exit/hooks.hpp"
#include "exit/second_exit.hpp"
#include "exit/state.hpp"
#include "os/exit_calls.hpp"
#include "os/pthreads.hpp"

#include <cstdlib>

namespace curfew::inline v1::detail {
namespace {

/// The main thread's own.
constinit bool outside_of_exit = false;

/// A program that never had a second thread, nor anything that may start one, waits for nobody: it goes the way that it
/// would go without us.
bool may_have_to_wait() noexcept {
  return !os::is_known_to_be_alone() || hooks_are_registered() || has_progress_hooks();
}

}  // namespace

bool main_is_outside_of_exit() noexcept { return outside_of_exit; }

void main_has_returned(int status) {
  if (may_have_to_wait()) {
    // One of these objects is ours, and begins the exit: src/exit/enter.cpp.
    outside_of_exit = true;
    const bool done = os::end_own_thread_locals();
    outside_of_exit = false;
    // Better before the thread_local objects than waiting under the C library's lock.
    if (!done) enter_exit(status);
    if (exit_now.status.load() < 0) exit_now.status.store(status & 0xff);
    enter_c_library_in_turn();
  }
  if (os::knows_c_library_exit()) os::c_library_exit(status);
  std::exit(status);
}

}  // namespace curfew::inline v1::detail
