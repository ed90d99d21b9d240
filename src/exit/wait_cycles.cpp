// SPDX-License-Identifier: Apache-2.0
#include "exit/wait_cycles.hpp"

#include "exit/policy.hpp"
#include "exit/state.hpp"
#include "os/tasks.hpp"
#include "os/waits.hpp"
#include "registry/registry.hpp"
#include "report/thread_text.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

/// A wait that is none soon is not looked at: most exits are over by then.
constexpr auto first_look = milliseconds(60);
constexpr auto between_looks = milliseconds(40);
/// A daemon that is joined may end by itself, and its joiner has something to do then.
constexpr auto joiners_limit = milliseconds(500);

/// The kernel's id of the thread that holds what a futex wait is for; 0: not known. A mutex is waited for while its
/// word is 2 and has its owner eight bytes behind; one with priorities while the word is the owner's id.
pid_t owner_of(const os::task_status& wait) noexcept {
  constexpr std::uint64_t id_bits = 0x3fffffff, awaited_lock = 2;
  const std::uint64_t expected = wait.arguments[2] & 0xffffffff;
  if (expected != awaited_lock) return static_cast<pid_t>(expected & id_bits);
  std::uint32_t owner = 0;
  if (!os::read_own_memory(wait.arguments[0] + 8, &owner, sizeof owner)) return 0;
  return static_cast<pid_t>(owner & id_bits);
}

/// Will the thread with that id give up no lock before the exit is over?
bool comes_back_no_more(pid_t id, const record* self) noexcept {
  if (id == 0) return false;
  if (id == ::gettid()) return true;
  const lock_registry lock;
  for (const record* r = first_locked(listed::live); r != nullptr; r = r->next)
    if (r->cell.tid.load() == id) return r->in_exit.load() || waits_for_the_exit_locked(*r, self);
  return false;
}

void tell(const record& r, std::string_view why) noexcept {
  report_text line;
  line << "curfew: not waited for, because ";
  append_thread(line, describe(r));
  line << ", " << why;
  report_line(line.view());
}

}  // namespace

bool cycle_search::find_those_at_locks(std::span<const record_ref> waited_for, const record* self, steady_time now) {
  bool found = false;
  for (const record_ref& r : waited_for) {
    os::task_status status;
    const bool asleep = os::read_task(r->cell.tid.load(), status) && status.state == 'S' &&
                        os::waits_for_ever_on_futex(status) && comes_back_no_more(owner_of(status), self);
    // Twice the same sleep: a thread that was just being woken is gone from there by then.
    if (!asleep) {
      r->cycle_word = 0;
    } else if (r->cycle_word != status.arguments[0] || r->cycle_switches != status.switches) {
      r->cycle_word = status.arguments[0];
      r->cycle_switches = status.switches;
    } else {
      r->waits_for_lock_of_exit.store(true);
      tell(*r, "waits for a lock of the exiting thread");
      found = true;
    }
  }
  // /proc is slow: where there are thousands of threads this must not be all that the exit does.
  next_look_ =
      os::later(os::now_steady(), std::max<std::chrono::nanoseconds>(between_looks, (os::now_steady() - now) * 8));
  return found;
}

bool cycle_search::give_up_daemons(std::span<const record_ref> waited_for, steady_time now) {
  bool all;
  {
    const lock_registry lock;
    all = std::ranges::all_of(waited_for, [](const record_ref& r) { return joins_a_daemon_locked(*r); });
  }
  if (!all) {
    only_joiners_since_ = {};
    return false;
  }
  if (only_joiners_since_ == steady_time{}) only_joiners_since_ = now;
  if (now < os::later(only_joiners_since_, joiners_limit)) return false;
  daemons_never_end.store(true);
  for (const record_ref& r : waited_for) tell(*r, "joins a daemon, which is frozen after the wait");
  return true;
}

bool cycle_search::look(std::span<const record_ref> waited_for, const record* self, steady_time now) {
  if (next_look_ == steady_time{}) next_look_ = os::later(now, first_look);
  if (now < next_look_ || waited_for.empty()) return false;
  const bool at_locks = find_those_at_locks(waited_for, self, now);
  return give_up_daemons(waited_for, now) || at_locks;
}

}  // namespace curfew::inline v1::detail
