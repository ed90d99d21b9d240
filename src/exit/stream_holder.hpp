// SPDX-License-Identifier: Apache-2.0
// Locks of the C library that threads may take without pause: a thread that prints all the time is never met outside of
// its stream. Whoever holds such a lock for a moment meets them all asleep in front of it.
#pragma once

namespace curfew::inline v1::detail {

/// Makes the threads that wait for a stream in the exiting thread's stead: an unlock that has somebody to wake leaves
/// the lock free for the time of a system call, where one that has nobody leaves it free for nanoseconds. Not while
/// threads are frozen. If no thread is available, streams are not held.
void make_stream_holders() noexcept;
/// In the child of a fork they are gone.
void forget_stream_holders_after_fork() noexcept;

/// Holds `stdout`, `stderr` and the loader's lock while it lives, as far as each can be had within some milliseconds. A
/// thread in a read or a blocked write may hold its stream for good.
class stream_holder {
 public:
  stream_holder() noexcept;
  ~stream_holder();
  stream_holder(const stream_holder&) = delete;
  stream_holder& operator=(const stream_holder&) = delete;

 private:
  bool loader_ = false;
};

}  // namespace curfew::inline v1::detail
