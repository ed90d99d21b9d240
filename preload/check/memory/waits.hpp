// SPDX-License-Identifier: Apache-2.0
// What threads wait for.
//
// The kernel refuses to wait on a word of a closed page, and the C library ends the process for that. So it is noted
// who waits where. Who begins a wait on a closed page during the exit waits here instead, on a word of this library
// (`parking`). Who sleeps in the C library when a page is closed sleeps on; before somebody wakes them, the page is
// opened (`let_wake`) until they have left the wait.
#pragma once

#include "check/record.hpp"

#include <pthread.h>
#include <time.h>

#include <atomic>
#include <cstdint>

namespace curfew::check {

/// What a thread waits for.
struct wait_facts {
  wait_kind kind = wait_kind::none;
  std::uint64_t object = 0;
  bool timed = false;  ///< it will go on by itself
  bool parked = false;
};

/// The calling thread waits for that as long as this lives. Where a thread is cancelled in it, it never ends: the
/// next thread of that place in the record begins with `forget_wait`.
class noted_wait {
 public:
  noted_wait(wait_kind kind, const void* object, const void* mutex, bool timed, bool parks) noexcept;
  ~noted_wait();
  noted_wait(const noted_wait&) = delete;
  noted_wait& operator=(const noted_wait&) = delete;

  /// The pages stay open as long as this lives.
  void keep_open() const noexcept;

 private:
  int index_;
  std::uint64_t object_ = 0, mutex_ = 0;
  std::uint32_t about_ = 0;
};

/// Of the thread with that index in the record.
wait_facts wait_of(int index) noexcept;
void forget_wait(int index) noexcept;
void forget_all_waits() noexcept;

/// Executes nothing of the program any more.
[[noreturn]] void stay_here() noexcept;

/// Has the exit begun, and would the kernel refuse to wait there?
bool lies_on_closed_page(wait_kind kind, const void* object) noexcept;

/// The object is about to be given free: true when somebody sleeps on it whom that would have sent to a closed page.
bool let_wake(const void* object) noexcept;

/// When the exit begins: locks that change owners all the time are waited for by this library from now on.
void let_locks_settle(unsigned at_most_ms) noexcept;

/// Around the closing of pages: those on which somebody is neither asleep nor parked are kept open.
void before_closing(std::uint64_t begin, std::uint64_t end) noexcept;
void after_closing(std::uint64_t begin, std::uint64_t end) noexcept;

/// Waiting on a word of this library, woken by `unpark`. Made before it is asked whether there is something to wait
/// for.
class parking {
 public:
  explicit parking(const void* object) noexcept;
  ~parking();
  parking(const parking&) = delete;
  parking& operator=(const parking&) = delete;

  [[nodiscard]] std::uint32_t look() const noexcept;
  /// Until `unpark` has been called since `look` gave that, at most so long and at most until then. False: a signal
  /// came.
  bool sleep(std::uint32_t seen, unsigned at_most_ms, clockid_t clock, const timespec* until) const noexcept;

 private:
  unsigned place_;
};
void unpark(const void* object) noexcept;
/// How often threads have slept in a parking: it is no sign of life.
std::uint64_t parkings() noexcept;

bool has_passed(clockid_t clock, const timespec& until) noexcept;

}  // namespace curfew::check
