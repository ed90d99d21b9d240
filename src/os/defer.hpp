// SPDX-License-Identifier: Apache-2.0
// "Not now": how a thread defers its freeze while it holds something that others may need.
#pragma once

#include <curfew/forward.hpp>

#include <atomic>

namespace curfew::inline v1::detail::os {

/// The calls of the curfew that wants the thread frozen: a plugin may have one of its own beside the program's.
struct freeze_calls {
  /// Freezes the calling thread if the freezer wants that and the thread holds nothing; otherwise returns.
  void (*freeze_here)() noexcept;
  /// Tells the freezer, whose request was deferred, to ask again.
  void (*ask_again)() noexcept;
};

/// Read by the freeze signal's handler on the same thread, so the fields are atomics for the compiler's sake; relaxed
/// plain loads and stores are enough (and compile to plain moves): no other thread reads them.
struct defer_state {
  std::atomic<unsigned> depth{0};   ///< how many locks the thread holds that we know of
  std::atomic<unsigned> inside{0};  ///< > 0: inside curfew itself, under its lock: never frozen there, even if forced
  std::atomic<bool> in_wait{
      false};  ///< one of the locks is a condition's mutex, which the C library gives up while it sleeps
  std::atomic<const freeze_calls*> pending{nullptr};  ///< a freeze came meanwhile
  std::atomic<const void*> condition{nullptr};        ///< waits on it
  std::atomic<int> id{0};                             ///< the thread's, as the kernel counts; 0: not asked for yet
};

// defer, allow and freeze_if_pending are always inlined: into functions in front of the C library's
// (lock_tracking/next.hpp), where no thread is frozen halfway.

/// In the static TLS block: a handler must not call the allocating __tls_get_addr. Exported for lock_tracking, and by a
/// program that has that: so it is the one of a plugin's own curfew too, which then sees what lock_tracking counts.
CURFEW_API extern constinit thread_local defer_state deferral [[gnu::tls_model("initial-exec")]];

[[gnu::always_inline]] inline void defer() noexcept {
  deferral.depth.store(deferral.depth.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

[[gnu::always_inline]] inline void freeze_if_pending() noexcept {
  if (const freeze_calls* const due = deferral.pending.load(std::memory_order_relaxed)) [[unlikely]]
    due->freeze_here();
}

/// Returns true if a freeze came meanwhile, and nothing defers it any longer: freeze_if_pending is then to follow.
[[gnu::always_inline, nodiscard]] inline bool allow_and_ask() noexcept {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const unsigned depth = deferral.depth.load(std::memory_order_relaxed);
  if (depth == 0) return false;  // unlocked on another thread than it was locked on
  deferral.depth.store(depth - 1, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  return depth == 1 && deferral.pending.load(std::memory_order_relaxed) != nullptr;
}

[[gnu::always_inline]] inline void allow() noexcept {
  if (allow_and_ask()) [[unlikely]]
    freeze_if_pending();
}

/// Around a wait on a condition: its mutex does not count while the thread sleeps in it. Inlined into a section that
/// counts as busy, so that there is no moment in between.
[[gnu::always_inline]] inline void begin_wait(const void* condition) noexcept {
  deferral.condition.store(condition, std::memory_order_relaxed);
  deferral.in_wait.store(deferral.depth.load(std::memory_order_relaxed) > 0, std::memory_order_relaxed);
  if (const freeze_calls* const due = deferral.pending.load(std::memory_order_relaxed)) due->ask_again();
}
[[gnu::always_inline]] inline void end_wait() noexcept {
  deferral.in_wait.store(false, std::memory_order_relaxed);
  deferral.condition.store(nullptr, std::memory_order_relaxed);
}

/// A block of curfew's own in which the thread is not frozen. Short, and waiting for nobody who may be frozen.
class no_freeze {
 public:
  no_freeze() noexcept { begin(); }
  ~no_freeze() { end(); }
  static void begin() noexcept {
    deferral.inside.store(deferral.inside.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  static void end() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    deferral.inside.store(deferral.inside.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    freeze_if_pending();
  }
  no_freeze(const no_freeze&) = delete;
  no_freeze& operator=(const no_freeze&) = delete;
};

}  // namespace curfew::inline v1::detail::os
