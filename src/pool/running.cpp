// SPDX-License-Identifier: Apache-2.0
// One task, and what its worker is meanwhile.
#include "exit/state.hpp"
#include "os/freeze.hpp"
#include "pool/state.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"

#include <exception>

namespace curfew::inline v1::detail {

void run_task(task* t) {
  call_as_thread_does([=] { t->act(t, fate::run); },
                      [](const std::exception_ptr& exception) { tell_hook(own_record(), exception); });
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
    w.self->runs_code_without_token.store(true);
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
      w.self->runs_code_without_token.store(false);
      w.abandoned = false;
      --p.abandoned;
      changed = change_locked(p);
    }
  }
  if (too_late) os::freeze_for_ever();  // the end does not wait for it any more, and will freeze it
  if (exit_now.now.load() >= phase::draining) w.self->stop.request_stop();  // as the other workers were
  tell(p, changed);
}

}  // namespace curfew::inline v1::detail
