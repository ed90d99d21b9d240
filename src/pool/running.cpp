// SPDX-License-Identifier: Apache-2.0
// One task, and what its worker is meanwhile.
#include "exit/state.hpp"
#include "os/freeze.hpp"
#include "pool/state.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"

#include <curfew/error.hpp>

#include <cxxabi.h>

#include <exception>

namespace curfew::inline v1::detail {

void run_task(task* t) {
  try {
    t->act(t, fate::run);
  } catch (const thread_exit&) {  // NOLINT(bugprone-empty-catch): to end quietly is what it is for
#if defined(__GLIBCXX__)
  } catch (abi::__forced_unwind&) {
    throw;  // pthread_exit or pthread_cancel: must go on
#endif
  } catch (...) {
    const auto exception = std::current_exception();
    if (!exception) throw;  // the same, where the runtime has no name for it
    tell_hook(own_record(), exception);
  }
}

void become_daemon(worker& w) noexcept {
  pool_state& p = w.pool;
  bool changed;
  {
    const lock_pool lock(p);
    w.abandoned = true;
    ++p.abandoned;
    changed = change_locked(p);
    const lock_registry registry;
    change_kind_locked(*w.self, thread_kind::daemon);
  }
  note_change();
  tell(p, changed);
}

void become_regular(worker& w) noexcept {
  pool_state& p = w.pool;
  bool changed = false;
  bool too_late;
  {
    const lock_pool lock(p);
    const lock_registry registry;
    too_late = exit_now.now.load() == phase::frozen;
    if (!too_late) {
      change_kind_locked(*w.self, thread_kind::regular);
      w.abandoned = false;
      --p.abandoned;
      changed = change_locked(p);
    }
  }
  if (too_late) os::stand_for_ever();  // the end does not wait for it any more, and will freeze it
  tell(p, changed);
}

}  // namespace curfew::inline v1::detail
