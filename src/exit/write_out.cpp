// SPDX-License-Identifier: Apache-2.0
#include "exit/write_out.hpp"

#include "exit/freeze_daemons.hpp"
#include "exit/standard_streams.hpp"
#include "exit/state.hpp"
#include "os/streams.hpp"
#include "os/tasks.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <initializer_list>
#include <span>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

/// For who prints at this moment.
constexpr auto patience = milliseconds(25);
constexpr auto pause = milliseconds(1);
constexpr std::size_t most_held = 64;

constinit std::atomic<pthread_t> exiting_thread{};
constinit os::futex_word closing{0};

bool is_frozen_owner(pthread_t owner) noexcept { return frozen_pthread(owner) != nullptr; }

/// Will it execute anything before it has what we hold? The exiting thread may be stuck.
bool is_stuck(pthread_t owner) noexcept {
  if (owner == pthread_t{}) return false;
  if (is_frozen_owner(owner)) return true;
  const pid_t exiting = exit_now.runner.load();
  os::task_status now;
  return owner == exiting_thread.load() && exiting != ::gettid() && os::read_task(exiting, now) &&
         os::waits_for_ever_on_futex(now);
}

bool exiting_thread_waits_for_reader() noexcept {
  os::task_status now;
  return os::read_task(exit_now.runner.load(), now) && os::waits_for_reader(now);
}

/// Those that somebody holds: written as soon as they are free, or at once if their owner is stuck.
void write_held(std::span<os::held_stream> held, steady_time limit, written_output& to) noexcept {
  const auto soon = os::now_steady() + patience;
  for (;;) {
    const auto end = std::remove_if(held.begin(), held.end(), [&to](const os::held_stream& stream) {
      bool whole = true;
      if (!os::write_if_free(stream, whole)) {
        if (!is_stuck(stream.owner)) return false;
        whole = os::write_without_lock(stream);
      }
      to.whole = to.whole && whole;
      return true;
    });
    held = held.first(static_cast<std::size_t>(end - held.begin()));
    if (held.empty()) return;
    const auto now = os::now_steady();
    if (now >= limit || (now >= soon && !exiting_thread_waits_for_reader())) break;
    os::pause_for(pause);
  }
  to.whole = false;
  to.somebody_writes = true;
  to.descriptor = held.front().descriptor;
}

/// Where the C library does not show its streams. stdout first and by try: the call for all streams stops at the first
/// that somebody holds.
bool write_unknown_streams() noexcept {
  const bool mine = ::ftrylockfile(stdout) == 0;
  bool whole = mine && ::fflush_unlocked(stdout) == 0;
  if (mine) ::funlockfile(stdout);
  flush_standard_streams();
  whole = std::fflush(nullptr) == 0 && whole;
  return whole;
}

struct free_result {
  os::held_stream held[most_held];
  std::size_t count = 0;
  bool whole = true;
};

void write_free(free_result& to) noexcept {
  using os::stream_kind;
  for (const stream_kind kind : {stream_kind::file, stream_kind::ready, stream_kind::in_function, stream_kind::any}) {
    if (kind == stream_kind::any) flush_standard_streams();
    to.whole = os::write_free_streams(kind, to.held, to.count) && to.whole;
  }
}

}  // namespace

void prepare_writing_out() noexcept {
  os::find_streams();
  find_standard_streams();
}

written_output write_out(steady_time limit) noexcept {
  if (!os::streams_are_known()) return {.whole = write_unknown_streams()};
  free_result found;
  write_free(found);
  written_output result{.whole = found.whole && found.count <= most_held};
  write_held(std::span(found.held, std::min(found.count, most_held)), limit, result);
  return result;
}

void give_up_frozen_streams() noexcept {
  os::lock_stream_list();
  os::release_streams(&is_frozen_owner);
  os::unlock_stream_list();
}

void close_streams() noexcept {
  if (!os::streams_are_known()) return;
  closing.store(1);
  os::lock_stream_list();
  free_result found;
  write_free(found);
  for (const os::held_stream& held : std::span(found.held, std::min(found.count, most_held)))
    if (is_frozen_owner(held.owner)) os::write_without_lock(held);
  os::release_streams(&is_frozen_owner);
  os::unlock_stream_list();
  closing.store(0);
  os::futex_wake(closing);
}

void wait_while_streams_are_closed() noexcept {
  while (closing.load() != 0 && exit_now.runner.load() != ::gettid()) os::futex_wait(closing, 1);
}

void note_exiting_thread() noexcept { exiting_thread.store(::pthread_self()); }

}  // namespace curfew::inline v1::detail
