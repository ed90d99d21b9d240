// SPDX-License-Identifier: Apache-2.0
#include <curfew/exit_guard.hpp>

#include "exit/policy.hpp"
#include "exit/protocol.hpp"
#include "exit/state.hpp"
#include "exit/watch.hpp"
#include "os/pthreads.hpp"
#include "os/small_text.hpp"
#include "registry/registry.hpp"

#include <curfew/exit.hpp>

#include <unistd.h>

#include <exception>

namespace curfew::inline v1 {
namespace detail {
namespace {

/// Main leaves what its threads may use: the exit begins, but for the call of it. As in enter_exit, main stays the
/// thread that runs it, so that others who come to exit meanwhile are frozen.
void main_leaves() noexcept {
  const pid_t self = ::gettid();
  pid_t nobody = 0;
  if (!exit_now.runner.compare_exchange_strong(nobody, self)) {
    if (nobody == self && !(exit_now.by_guard.load() && exit_now.steps_done.load())) return;  // in a hook
    if (nobody != self) {
      wait_while_finish_runs(nobody);
      nobody = 0;
      if (!exit_now.runner.compare_exchange_strong(nobody, self)) wait_for_the_end();
    }
  }
  runs_the_exit = true;
  os::forbid_cancelling();  // as in enter_exit
  exit_now.in_exit_call.store(true);
  exit_now.by_guard.store(true);
  note_change();
  run_steps_or_end_at_once(purpose::main_leaves);
  watch_destructors();
}

/// Somewhere else it is as finish(), but for its errors: whoever runs the exit knows of this thread, and waits for it
/// or freezes it.
void another_leaves() noexcept {
  try {
    static_cast<void>(finish());
  } catch (const exit_in_progress&) {  // NOLINT(bugprone-empty-catch): see above
  } catch (const std::exception& e) {
    os::small_text<512> line;
    line << "curfew: an exit_guard cannot run the exit: " << e.what();
    report_line(line.view());
  }
}

}  // namespace
}  // namespace detail

exit_guard::exit_guard() noexcept { detail::initialise(); }

exit_guard::~exit_guard() {
  const detail::record* const self = detail::own_record_if_known();
  if (self != nullptr && self->kind == thread_kind::main)
    detail::main_leaves();
  else
    detail::another_leaves();
}

}  // namespace curfew::inline v1
