// SPDX-License-Identifier: Apache-2.0
// Locks of the C library that threads may take without pause: a thread that prints all the time is never found outside
// its stream. If a helper holds such a lock for a moment, all of these threads are found asleep waiting for it.
#pragma once

namespace curfew::inline v1::detail {

/// Makes the threads that wait for a stream in place of the exiting thread. An unlock that has a thread to wake leaves
/// the lock free for the time of a system call; one that has none leaves it free for nanoseconds. Do not call it while
/// threads are frozen. If no thread is available, streams are not held.
void make_stream_holders() noexcept;
/// In the child of a fork they are gone.
void forget_stream_holders_after_fork() noexcept;

/// Holds `stdout`, `stderr` and the loader's lock while it lives, as far as each becomes free within a few
/// milliseconds. A thread in a read or a blocked write may hold its stream for good.
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
