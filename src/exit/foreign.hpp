// SPDX-License-Identifier: Apache-2.0
// Threads that curfew did not start, as far as lock_tracking has seen them being made.
#pragma once

#include "os/freeze.hpp"

#include <pthread.h>

#include <vector>

namespace curfew::inline v1::detail {

/// One foreign thread. Its memory is never given back to the allocator, only used again.
struct foreign_thread {
  foreign_thread* next = nullptr;
  os::freeze_cell cell;
  std::atomic<bool> in_use{false};
  std::atomic<bool> detached{false};
  std::atomic<pthread_t> pthread{};
};

/// Is lock_tracking linked?
bool foreign_threads_are_tracked() noexcept;

/// Called around a foreign thread's function, by lock_tracking.
CURFEW_API foreign_thread* add_foreign_thread(bool detached) noexcept;
CURFEW_API void take_back_foreign_thread(foreign_thread&) noexcept;
CURFEW_API void foreign_thread_made(foreign_thread&, pthread_t) noexcept;
CURFEW_API void foreign_thread_begins(foreign_thread&) noexcept;
CURFEW_API void foreign_thread_is_over(foreign_thread&) noexcept;
CURFEW_API void foreign_thread_detached(pthread_t) noexcept;

/// The cells of detached ones, the calling thread's not among them.
void collect_detached(std::vector<os::freeze_cell*>&);
void forget_foreign_threads_after_fork() noexcept;

}  // namespace curfew::inline v1::detail
