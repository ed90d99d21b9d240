// SPDX-License-Identifier: Apache-2.0
#include "check/exit/child_of_exit.hpp"

#include "check/exit/blocked.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/sleeping.hpp"

#include <dlfcn.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace curfew::check {
namespace {

/// As the thread that forks has seen it, just before.
struct fork_view {
  bool by_exiting_thread = false;
};
constinit thread_local fork_view before [[gnu::tls_model("initial-exec")]];

constinit bool beside_exit = false;
constinit bool exit_has_begun = false;
/// Of the thread that exits, in the parent.
constinit int left_thread = -1;
constinit pthread_key_t last_thread_key = 0;

/// So many looks in a row must find it asleep there.
constexpr unsigned looks_needed = 10;
constinit unsigned looks = 0;
constinit std::uint64_t met_at = 0, steps_then = 0;

int thread_of_parent(pid_t tid) noexcept {
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  const int own = known_thread();
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& t = record->threads[i];
    if (t.tid == tid && static_cast<int>(i) != own && (t.state.load() & thread_record::ended) == 0)
      return static_cast<int>(i);
  }
  return -1;
}

bool is_c_library_data(std::uint64_t address) noexcept {
  Dl_info there{}, c_library{};
  return ::dladdr(reinterpret_cast<const void*>(address), &there) != 0 &&
         ::dladdr(::dlsym(RTLD_NEXT, "exit"), &c_library) != 0 && there.dli_fbase == c_library.dli_fbase;
}

/// For the watching thread.
bool somebody_else_is_here() noexcept {
  bool found = false;
  for_each_other([](pid_t tid, int, void* here) { *static_cast<bool*>(here) |= tid != exiting_tid.load(); }, &found);
  return found;
}

/// The C library's own exit at the end of the last thread does not pass through here. One round later than the
/// destructors of the program's keys.
void last_thread_ends(void* value) {
  const auto round = reinterpret_cast<std::uintptr_t>(value);
  if (round < 2) {
    ::pthread_setspecific(last_thread_key, reinterpret_cast<void*>(round + 1));
    return;
  }
  if (is_alone()) std::exit(0);
}

}  // namespace

void note_fork_begins() noexcept { before.by_exiting_thread = is_exiting_thread(); }

void note_fork_in_child() noexcept {
  // The child of such a child has the lock in the same state.
  const bool inherits = beside_exit && !exit_has_begun;
  if (record == nullptr || (!inherits && (!exiting() || before.by_exiting_thread))) return;
  if (!inherits) left_thread = thread_of_parent(exiting_tid.load());
  beside_exit = true;
  exit_has_begun = false;
  looks = 0;
  if (last_thread_key == 0) ::pthread_key_create(&last_thread_key, &last_thread_ends);
  ::pthread_setspecific(last_thread_key, reinterpret_cast<void*>(1));
  call_stack stack;
  walk(stack);
  record_maps();
  emit(forked_beside_exit{.exiting = left_thread}, current_thread(), stack);
}

bool was_forked_beside_exit() noexcept { return beside_exit; }

bool begin_exit_of_child(int status, exit_by how) noexcept {
  if (exit_has_begun) return false;
  exit_has_begun = true;
  steps_then = exit_steps();
  call_stack stack;
  if (how != exit_by::return_from_main) walk(stack);
  emit(exit_began{.status = status, .how = how, .patience_ms = settings.patience_ms}, current_thread(), stack);
  return true;
}

void look_for_lock_left_behind() noexcept {
  if (!exit_has_begun || exit_steps() != steps_then) return;
  sleeping in;
  const bool at_a_lock = asleep(exiting_tid.load(), in) && in.call == SYS_futex && !has_limit(in) &&
                         (in.arguments[1] & FUTEX_PRIVATE_FLAG) != 0;
  looks = at_a_lock && in.first_argument == met_at ? looks + 1 : 0;
  met_at = at_a_lock ? in.first_argument : 0;
  if (looks < looks_needed || somebody_else_is_here() || !is_c_library_data(met_at)) return;
  report_left_behind(exiting_tid.load(), {.lock = met_at, .exiting = left_thread});
}

}  // namespace curfew::check
