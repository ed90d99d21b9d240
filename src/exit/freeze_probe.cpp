// SPDX-License-Identifier: Apache-2.0
#include "exit/freeze_probe.hpp"

#include "os/c_library.hpp"
#include "os/clock.hpp"
#include "os/pause.hpp"
#include "os/spin_locks.hpp"
#include "os/streams.hpp"
#include "os/tasks.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>

namespace curfew::inline v1::detail {
namespace {

constexpr auto first_limit = std::chrono::milliseconds(2);
constexpr auto longest_wait_for_processor = std::chrono::milliseconds(500);

/// In so many rounds a spin lock that is taken is a reason to thaw. By then it is no lock of a few instructions.
constexpr unsigned spin_lock_rounds = 8;

bool stream_is_free(FILE* stream) noexcept {
  for (int tries = 0; tries < 20; ++tries) {
    if (::ftrylockfile(stream) == 0) {
      ::funlockfile(stream);
      return true;
    }
    os::pause_for(std::chrono::microseconds(50));  // a foreign thread may be printing
  }
  return false;
}

constinit std::atomic<bool> a_stream_is_held{false};

/// On the probe thread.
void probe() {
  os::touch_c_library_locks();
  a_stream_is_held.store(os::a_stream_is_held());
}

}  // namespace

void prepare_freeze_probe() noexcept {
  os::forget_spin_locks();
  stream_is_free(stdout);  // lock_tracking looks up its next function now, not under a lock of a frozen thread
}

bool c_library_is_free(probe_thread* with, unsigned round) noexcept {
  if (with == nullptr) return false;
  const auto limit = os::now_steady() + first_limit * (1 << std::min(round, 5U));
  if (with->wait_idle(limit) && with->run(&probe, limit)) return stream_is_free(stdout) && stream_is_free(stderr);
  os::task_status wait;
  if (os::read_task(with->id(), wait) && os::waits_for_ever_on_futex(wait)) os::note_lock(wait.arguments[0]);
  return false;
}

bool all_is_free(probe_thread* with, unsigned round) noexcept {
  const bool spin_locks_are_free = round >= spin_lock_rounds || !os::known_spin_lock_is_taken();
  return c_library_is_free(with, round) && spin_locks_are_free;
}

bool a_frozen_thread_holds_a_stream() noexcept { return a_stream_is_held.load(); }

void run_unless_it_hangs(probe_thread& with, void (*job)()) noexcept {
  const auto last = os::now_steady() + longest_wait_for_processor;
  const auto comes_back = [&with, last] {
    while (!with.wait_idle(os::now_steady() + first_limit)) {
      os::task_status now;
      if (os::read_task(with.id(), now) && os::waits_for_ever_on_futex(now)) return false;
      if (os::now_steady() >= last) return false;
    }
    return true;
  };
  if (comes_back() && !with.run(job, os::now_steady() + first_limit)) comes_back();
}

}  // namespace curfew::inline v1::detail
