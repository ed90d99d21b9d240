// SPDX-License-Identifier: Apache-2.0
#include "exit/thread_left.hpp"

#include "exit/orphaned_lock.hpp"
#include "exit/policy.hpp"
#include "exit/probe_thread.hpp"
#include "exit/program_exit.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/tasks.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <vector>

namespace curfew::inline v1::detail {
namespace {

/// Is there a thread that curfew neither started nor made for itself? The process lives for those too (POSIX).
bool foreign_threads_left() {
  static pid_t ids[4096];
  const int count = std::min(os::list_tasks(ids), static_cast<int>(std::size(ids)));
  std::vector<pid_t> known;
  {
    const lock_registry lock;
    for (const listed list : {listed::live, listed::ended, listed::unreaped})
      for (const record* r = first_locked(list); r != nullptr; r = r->next)
        if (r->kind != thread_kind::foreign) known.push_back(r->cell.tid.load());
  }
  int unknown = 0;
  for (int i = 0; i < count; ++i)
    unknown += !is_helper(ids[i]) && std::ranges::find(known, ids[i]) == known.end() && !os::is_kernel_worker(ids[i]);
  return unknown > os::sanitizer_tasks;
}

}  // namespace

void exit_after_the_last_thread() {
  watch_changes();
  auto pause = std::chrono::milliseconds(1);
  for (;;) {
    const std::uint32_t seen = changes().load();
    reap_unreaped();
    if (!foreign_threads_left()) break;
    os::futex_wait(changes(), seen, os::now_steady() + pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(50));
  }
  curfew_program_exit(0);
}

void leave_exit_to_the_last_thread() {
  main_record().cell.tid.store(0);
  exit_if_last_in_such_a_child();
}

void go_on_with_own_exit() {
  if (exit_now.runner.load() != ::gettid() || !exit_now.in_exit_call.load() || !exit_now.steps_done.load()) return;
  // A program that did not ask has the status that the C library gives it when main's thread is its last.
  if (policy.preloaded && os::is_first_task()) exit_now.status.store(0);
  try {
    take_turns_of_end_anew(own_record());  // the next handler may do the same
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): then the process waits for ever, as without us
  }
  curfew_program_exit(std::max(exit_now.status.load(), 0));
}

void watch_ends_of_threads() noexcept {
  set_main_left_handler(policy.main_has_left);
  set_thread_left_handler(&go_on_with_own_exit);
}

}  // namespace curfew::inline v1::detail
