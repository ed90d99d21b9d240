// SPDX-License-Identifier: Apache-2.0
#include "exit/frozen_threads.hpp"

#include "exit/freeze_daemons.hpp"
#include "exit/probe_thread.hpp"
#include "exit/untracked.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>

namespace curfew::inline v1::detail {

constinit frozen_threads* last_frozen = nullptr;

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
