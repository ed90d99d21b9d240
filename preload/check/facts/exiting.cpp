// SPDX-License-Identifier: Apache-2.0
#include "check/facts/exiting.hpp"

#include "check/linux/kernel.hpp"

namespace curfew::check {

constinit std::atomic<int> exiting_tid{0};

namespace {

constinit std::atomic<std::uint64_t> steps{0};
/// Asked at every free() of the exit.
constinit thread_local pid_t own_tid [[gnu::tls_model("initial-exec")]] = 0;

}  // namespace

bool is_exiting_thread() noexcept {
  const pid_t tid = exiting_tid.load(std::memory_order_acquire);
  if (tid == 0) return false;
  if (own_tid == 0) own_tid = static_cast<pid_t>(kernel_call(SYS_gettid));
  return tid == own_tid;
}

void exit_on_after_fork() noexcept {
  own_tid = 0;
  if (exiting_tid.load() != 0) exiting_tid.store(static_cast<pid_t>(kernel_call(SYS_gettid)));
}

void note_step() noexcept { steps.fetch_add(1, std::memory_order_relaxed); }
std::uint64_t exit_steps() noexcept { return steps.load(std::memory_order_relaxed); }

}  // namespace curfew::check
