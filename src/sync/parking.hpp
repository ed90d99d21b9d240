// SPDX-License-Identifier: Apache-2.0
// Who waits where: a table of lists by address. What a primitive must decide together with its waiters it decides under
// the lock of its address, in which nobody is frozen.
#pragma once

#include "os/defer.hpp"
#include "os/lock.hpp"

#include <curfew/detail/parking.hpp>

namespace curfew::inline v1::detail {

struct parking_bucket;

/// Places that were taken out of a list, to be woken once the lock is given back.
class woken_places {
 public:
  woken_places() noexcept = default;
  /// They are daemons, and go on no more.
  void freeze_for_good() noexcept;
  /// Wakes them, first come first. They may be gone, and what they waited for with them, as soon as they are woken.
  void wake(std::uint32_t message = 0) noexcept;
  [[nodiscard]] unsigned size() const noexcept { return size_; }

 private:
  friend class at_address;
  os::no_freeze unfrozen_;  ///< whoever is taken out must be woken: its thread waits for that
  parking_place* first_ = nullptr;
  parking_place* last_ = nullptr;
  unsigned size_ = 0;
};

/// The lock of an address. Short; never held while code of the user's runs.
class at_address {
 public:
  explicit at_address(const void* address) noexcept;
  ~at_address();
  at_address(const at_address&) = delete;
  at_address& operator=(const at_address&) = delete;

  /// `on`: the address, or one up to seven bytes behind an address that is a multiple of eight.
  void link(parking_place&, const void* on, std::atomic<std::uint32_t>* count = nullptr) noexcept;
  static bool is_linked(const parking_place& place) noexcept { return place.linked_; }
  /// Takes out the calling thread's own place, which nobody will wake then.
  void withdraw(parking_place&) noexcept;
  /// Takes out up to `most`, first come first. Threads that are frozen for good are passed over and forgotten: what
  /// they were given would be lost.
  void take(const void* on, std::uint32_t most, woken_places&) noexcept;
  /// The first that waits there, or null.
  [[nodiscard]] const parking_place* first_on(const void* on) const noexcept;
  /// The same among those that are no daemons.
  [[nodiscard]] const parking_place* first_who_is_no_daemon(const void* on) const noexcept;
  [[nodiscard]] static std::uint64_t thread_of(const parking_place& place) noexcept { return place.thread_; }

 private:
  void unlink(parking_place&) noexcept;

  os::no_freeze unfrozen_;
  parking_bucket& bucket_;
};

/// Wakes up to `most` of those that wait there.
void wake_at(const void* on, std::uint32_t most) noexcept;

inline constexpr std::uint32_t all_of_them = ~0U;

}  // namespace curfew::inline v1::detail
