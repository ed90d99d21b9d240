// SPDX-License-Identifier: Apache-2.0
// Where a thread offers halves of its work: it puts and takes at one end, others take at the other. Chase and Lev,
// "Dynamic circular work-stealing deque" (2005), of a fixed size: who finds it full does the half itself.
#pragma once

#include <curfew/detail/fork_join.hpp>

#include <atomic>
#include <cstdint>

namespace curfew::inline v1::detail {

/// Of whom the end of the program freezes: a daemon's half must not keep a regular thread, nor the other way round.
enum class cut : bool { waited_for, daemon };

/// Whose halves: of one call from outside (its place's number from 1), of none (0), or all.
using root = unsigned char;
inline constexpr root any_root = 0xff;

class fork_deque {
 public:
  bool push(half* h, cut kind) noexcept {
    static_assert(alignof(half) >= 32);
    const std::int64_t bottom = bottom_.load(std::memory_order_relaxed);
    if (bottom - top_.load(std::memory_order_acquire) >= capacity) return false;
    h->index = bottom;
    at(bottom).store(
        reinterpret_cast<std::uintptr_t>(h) | (std::uintptr_t{h->root} << 1) | static_cast<std::uintptr_t>(kind),
        std::memory_order_relaxed);
    bottom_.store(bottom + 1, std::memory_order_release);
    return true;
  }
  /// The last that was put: false when others have taken it.
  bool pop() noexcept {
    const std::int64_t bottom = bottom_.load(std::memory_order_relaxed) - 1;
    bottom_.exchange(bottom, std::memory_order_seq_cst);
    std::int64_t top = top_.load(std::memory_order_seq_cst);
    if (top < bottom) return true;
    const bool mine = top == bottom && top_.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst);
    bottom_.store(bottom + 1, std::memory_order_relaxed);
    return mine;
  }
  /// The first that was put, if it is of that kind and of that call.
  half* steal(cut kind, root whose) noexcept {
    std::int64_t top = top_.load(std::memory_order_seq_cst);
    if (top >= bottom_.load(std::memory_order_seq_cst)) return nullptr;
    // What it points to may be gone by now: only who has taken it may look there.
    const std::uintptr_t found = at(top).load(std::memory_order_relaxed);
    if ((found & 1) != static_cast<std::uintptr_t>(kind)) return nullptr;
    if (whose != any_root && ((found >> 1) & 15) != whose) return nullptr;
    if (!top_.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst)) return nullptr;
    return reinterpret_cast<half*>(found & ~std::uintptr_t{31});  // NOLINT(performance-no-int-to-ptr)
  }
  [[nodiscard]] bool looks_empty() const noexcept {
    return top_.load(std::memory_order_relaxed) >= bottom_.load(std::memory_order_relaxed);
  }
  /// When nobody else is there: in the child of a fork.
  void clear() noexcept {
    top_.store(0);
    bottom_.store(0);
    lost_ = 0;
  }
  /// In the child of a fork, by its owner: who has taken halves by now does not exist here.
  void lose_those_taken() noexcept { lost_ = top_.load(); }
  [[nodiscard]] bool has_lost(const half& h) const noexcept { return h.index < lost_; }

 private:
  static constexpr std::int64_t capacity = 256;
  std::atomic<std::uintptr_t>& at(std::int64_t i) noexcept { return halves_[i % capacity]; }

  alignas(64) std::atomic<std::int64_t> top_{0};
  alignas(64) std::atomic<std::int64_t> bottom_{0};
  std::atomic<std::uintptr_t> halves_[capacity] = {};
  std::int64_t lost_ = 0;  ///< those in front of it
};

}  // namespace curfew::inline v1::detail
