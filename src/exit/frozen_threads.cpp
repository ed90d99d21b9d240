// SPDX-License-Identifier: Apache-2.0
#include "exit/frozen_threads.hpp"

#include "exit/foreign.hpp"
#include "exit/freeze_daemons.hpp"
#include "exit/probe_thread.hpp"
#include "exit/second_exit.hpp"
#include "exit/untracked.hpp"
#include "os/pthreads.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>

namespace curfew::inline v1::detail {

constinit frozen_threads* last_frozen = nullptr;

namespace {

/// By an earlier freeze, which must not be thawed for this one.
bool is_told_to_freeze(const os::freeze_cell& cell) noexcept {
  return cell.order.load() != static_cast<std::uint32_t>(os::freeze_order::run);
}

}  // namespace

void choose(purpose why, bool main_too, frozen_threads& chosen) {
  const record* const self = own_record_if_known();
  const pid_t goes_on = why == purpose::process_ends ? goes_on_inside() : 0;
  const auto is_to_be_frozen = [&](const record& r) {
    if (&r == self || is_told_to_freeze(r.cell) || (goes_on != 0 && r.cell.tid.load() == goes_on)) return false;
    switch (r.kind) {
      case thread_kind::daemon:
        return true;
      case thread_kind::regular:
        // One that has called exit during finish() is to run the exit itself, afterwards. Whoever else is left at the
        // end of the process waits in a cycle, or did when phase frozen began.
        return (r.in_exit.load() && why != purpose::host_goes_on) ||
               (r.list == listed::live && why == purpose::process_ends) || waits_for_the_exit_locked(r, self);
      case thread_kind::main:
        return main_too;
      case thread_kind::foreign:
        // What has called finish() and may be joined is left alone like other foreign threads: somebody may have to.
        return why == purpose::process_ends && r.called_finish.load() && os::is_detached(r.pthread.load());
    }
    return false;
  };
  for (const listed list : {listed::live, listed::ended, listed::unreaped})
    for (auto& r : records_where(list, is_to_be_frozen))
      if (!try_reap(*r)) chosen.records.push_back(std::move(r));  // once it is gone its id may be another thread's
  for (auto& r : chosen.records) {
    chosen.infos.push_back(describe(*r));
    chosen.cells.push_back(&r->cell);
    chosen.pthreads.push_back(r->pthread.load());
  }
}

void choose_foreign(frozen_threads& chosen) {
  detached_threads found;
  collect_detached(found);
  for (std::size_t i = found.cells.size(); i-- != 0;)
    if (is_told_to_freeze(*found.cells[i])) {
      found.cells.erase(found.cells.begin() + static_cast<std::ptrdiff_t>(i));
      found.pthreads.erase(found.pthreads.begin() + static_cast<std::ptrdiff_t>(i));
      found.infos.erase(found.infos.begin() + static_cast<std::ptrdiff_t>(i));
    }
  chosen.cells.insert(chosen.cells.end(), found.cells.begin(), found.cells.end());
  chosen.pthreads.insert(chosen.pthreads.end(), found.pthreads.begin(), found.pthreads.end());
  chosen.infos.insert(chosen.infos.end(), found.infos.begin(), found.infos.end());
}

namespace {

/// The first of the frozen for which `is` is true of it, by its list and its place there; null if none.
template <class Is>
const thread_info* find_frozen(Is is) noexcept {
  for (const frozen_threads* all = last_frozen; all != nullptr; all = all->earlier)
    for (std::size_t i = 0; i < all->cells.size(); ++i)
      if (is(*all, i) && os::is_frozen(*all->cells[i])) return &all->infos[i];
  return nullptr;
}

}  // namespace

const thread_info* frozen_thread(pid_t tid) noexcept {
  if (tid <= 0) return nullptr;
  return find_frozen([tid](const frozen_threads& all, std::size_t i) { return all.cells[i]->tid.load() == tid; });
}

const thread_info* frozen_pthread(pthread_t pthread) noexcept {
  if (pthread == pthread_t{}) return nullptr;
  return find_frozen(
      [pthread](const frozen_threads& all, std::size_t i) { return ::pthread_equal(all.pthreads[i], pthread) != 0; });
}

const thread_info* frozen_holder() noexcept {
  return find_frozen([](const frozen_threads& all, std::size_t i) { return all.cells[i]->held.load(); });
}

unsigned frozen_waiters(const void* condition) noexcept {
  unsigned count = 0;
  for (const frozen_threads* all = last_frozen; all != nullptr; all = all->earlier)
    for (const os::freeze_cell* cell : all->cells) count += cell->condition.load() == condition && os::is_frozen(*cell);
  return count;
}

bool is_frozen_task(pid_t tid) noexcept {
  const auto is_it = [tid](const os::freeze_cell* cell) { return cell->tid.load() == tid && os::is_frozen(*cell); };
  for (const frozen_threads* all = last_frozen; all != nullptr; all = all->earlier)
    if (std::ranges::any_of(all->cells, is_it)) return true;
  return std::ranges::any_of(untracked_cells(), is_it);
}

bool anybody_else_runs(pid_t exiting) noexcept {
  // The exiting thread asks before the watch does, and never meanwhile.
  static pid_t ids[4096];
  const int count = os::list_tasks(ids);
  if (count < 0 || count > static_cast<int>(std::size(ids))) return true;  // cannot say
  int others = 0;
  for (const pid_t id : std::span(ids, static_cast<std::size_t>(count)))
    others += id != exiting && !is_helper(id) && !is_frozen_task(id) && !os::is_kernel_worker(id);
  return others > os::sanitizer_tasks;
}

}  // namespace curfew::inline v1::detail
