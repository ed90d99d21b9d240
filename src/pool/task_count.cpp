// SPDX-License-Identifier: Apache-2.0
#include <curfew/detail/task_count.hpp>

#include "exit/state.hpp"
#include "os/defer.hpp"
#include "os/futex.hpp"
#include "os/lock.hpp"
#include "os/small_text.hpp"
#include "pool/state.hpp"
#include "registry/record.hpp"

#include <unistd.h>

#include <exception>

namespace curfew::inline v1::detail {
namespace {

constexpr std::uint32_t awaited = 1U << 31U;

/// What the calling thread runs: several when a task that waits does others meanwhile.
constinit thread_local const task_count::running* innermost [[gnu::tls_model("initial-exec")]] = nullptr;

constinit os::lock renewal;

}  // namespace

task_count::task_count() noexcept : generation_(forks_survived.load(std::memory_order_relaxed)) {}

task_count::running::running(const member& m) noexcept : of_(m.of_), outer_(innermost) { innermost = this; }
task_count::running::~running() { innermost = outer_; }

bool task_count::is_of_this_process() const noexcept {
  return generation_.load(std::memory_order_acquire) == forks_survived.load(std::memory_order_relaxed);
}

std::uint32_t task_count::add() noexcept {
  if (!is_of_this_process()) [[unlikely]] {
    const os::no_freeze unfrozen;
    renewal.acquire();
    if (!is_of_this_process()) {
      count_.store(0, std::memory_order_relaxed);
      generation_.store(forks_survived.load(std::memory_order_relaxed), std::memory_order_release);
    }
    renewal.release();
  }
  count_.fetch_add(1, std::memory_order_relaxed);
  return generation_.load(std::memory_order_relaxed);
}

void task_count::remove(std::uint32_t generation) noexcept {
  if (generation != forks_survived.load(std::memory_order_relaxed)) return;  // a task of the parent's
  const os::futex_word& word = count_;
  // Whoever waits may destroy the object as soon as it is subtracted: only the address is used after that.
  if (count_.fetch_sub(1, std::memory_order_release) == (awaited | 1U)) os::futex_wake(word);
}

void task_count::wait_for_none(const char* what) noexcept {
  if (!is_of_this_process() || exit_now.now.load() == phase::frozen) return;
  for (const running* r = innermost; r != nullptr; r = r->outer_) {
    if (r->of_ != this) continue;
    os::small_text<256> line;
    line << what << " would wait for the task that it is called from\n";
    os::write_all(STDERR_FILENO, line.view());
    std::terminate();
  }
  for (;;) {
    const std::uint32_t seen = count_.fetch_or(awaited, std::memory_order_acquire) | awaited;
    if (seen == awaited || exit_now.now.load() == phase::frozen) return;
    const waiting inside;
    os::futex_wait(count_, seen);
  }
}

}  // namespace curfew::inline v1::detail
