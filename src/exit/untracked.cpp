// SPDX-License-Identifier: Apache-2.0
#include "exit/untracked.hpp"

#include "exit/foreign.hpp"
#include "exit/last_resort.hpp"
#include "os/clock.hpp"
#include "os/tasks.hpp"
#include "os/waits.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <utility>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

constexpr unsigned most = 128;

/// Made when it is first needed, which only `curfew run` ever does: its cells would be 26 kB in every program. Never
/// destroyed: the freeze signal's handler reads the cells as long as the process lives.
struct untracked_list {
  std::array<os::freeze_cell, most> cells;
  std::array<os::freeze_cell*, most> wanted;  // of those the ones that are to be frozen
  std::array<bool, most> of_timers;           // by their place in `cells`
  std::array<bool, most> joinable;            // the same
  unsigned made = 0;
  unsigned count = 0;
  pthread_t exiting{};
  std::span<os::freeze_cell* const> known{};
};
constinit untracked_list* list = nullptr;

unsigned place_of(const os::freeze_cell& cell) noexcept { return static_cast<unsigned>(&cell - list->cells.data()); }

/// glibc has one thread for all timers with SIGEV_THREAD. It can be joined, and nobody joins it. It waits for a signal
/// that no program can wait for.
bool makes_threads_of_timers(pid_t tid) noexcept {
  int same = 0;
  std::uint64_t switches = 0;
  for (const auto until = os::now_steady() + milliseconds(100); same < 5 && os::now_steady() < until;
       os::pause_for(std::chrono::microseconds(100))) {
    os::task_status status;
    if (!os::read_task(tid, status)) return false;
    if (os::waits_for_signal_of_timers(status)) return true;
    same = status.state == 'S' && status.switches == switches ? same + 1 : 0;  // it may be busy with a new thread
    switches = status.switches;
  }
  return false;
}

/// A thread of a bare clone has none of its own: what it finds is another's.
bool is_somebody_elses(pthread_t thread) noexcept {
  return ::pthread_equal(thread, list->exiting) || is_known_pthread(thread) ||
         std::ranges::any_of(list->known, [&](const os::freeze_cell* cell) { return cell->pthread.load() == thread; });
}

/// Only of a frozen thread: its descriptor stays.
void ask_who_is_joinable() {
  for (os::freeze_cell* const cell : untracked_cells()) {
    const unsigned at = place_of(*cell);
    const auto thread = static_cast<pthread_t>(cell->pthread.load());
    if (list->of_timers[at] || cell->frozen.load() == 0 || thread == pthread_t{} || is_somebody_elses(thread)) continue;
    pthread_attr_t attributes;
    if (::pthread_getattr_np(thread, &attributes) != 0) continue;
    int state = PTHREAD_CREATE_DETACHED;
    ::pthread_attr_getdetachstate(&attributes, &state);
    list->joinable[at] = state == PTHREAD_CREATE_JOINABLE;
    ::pthread_attr_destroy(&attributes);
  }
}

}  // namespace

unsigned find_untracked_threads(std::span<os::freeze_cell* const> known) noexcept {
  static constinit std::array<pid_t, 1024> ids{};
  if (list == nullptr) {
    // Once, before the freeze: later an allocation could wait for a frozen thread.
    static bool tried = false;
    if (std::exchange(tried, true)) return 0;
    list = new (std::nothrow) untracked_list{};
    if (list == nullptr) return 0;
  }
  list->exiting = ::pthread_self();
  list->known = known;
  const int found = list_untracked_threads(ids, known, std::span(list->cells).first(list->made));
  unsigned added = 0;
  for (const pid_t id : std::span(ids).first(static_cast<std::size_t>(std::max(found, 0)))) {
    if (list->made == most) break;  // the others run on
    os::freeze_cell& cell = list->cells[list->made];
    list->of_timers[list->made] = makes_threads_of_timers(id);
    list->joinable[list->made++] = false;
    cell.tid.store(id);
    list->wanted[list->count++] = &cell;
    ++added;
  }
  return added;
}

std::span<os::freeze_cell* const> untracked_cells() noexcept {
  if (list == nullptr) return {};
  return std::span(list->wanted).first(list->count);
}

unsigned thaw_joinable_untracked() noexcept {
  probe_thread* const with = provided_probe_thread();
  if (list == nullptr || with == nullptr || !with->run(&ask_who_is_joinable, os::now_steady() + milliseconds(50)))
    return 0;
  unsigned kept = 0, gone = 0;
  for (unsigned i = 0; i < list->count; ++i) {
    os::freeze_cell* cell = list->wanted[i];
    if (!list->joinable[place_of(*cell)]) {
      list->wanted[kept++] = cell;
      continue;
    }
    os::thaw(std::span(&cell, 1), os::now_steady() + milliseconds(50));
    ++gone;
  }
  list->count = kept;
  return gone;
}

void append_untracked(std::vector<thread_info>& to) noexcept {
  for (const os::freeze_cell* const cell : untracked_cells())
    if (cell->frozen.load() != 0 && to.size() < to.capacity()) to.push_back(describe_foreign(cell->tid.load()));
}

bool is_at_work(pid_t tid) noexcept {
  os::task_status status;
  if (!os::read_task(tid, status)) return false;
  return os::facts_of_sleep(status, std::chrono::nanoseconds(0)).what == os::wait_for::nothing ||
         os::waits_for_reader(status);
}

}  // namespace curfew::inline v1::detail
