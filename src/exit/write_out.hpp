// SPDX-License-Identifier: Apache-2.0
// Writing out what the process has buffered, each stream by itself, so that a stream whose lock is held does not delay
// the others.
#pragma once

#include "os/clock.hpp"

namespace curfew::inline v1::detail {

/// Finds the streams. Call it before anything is frozen.
void prepare_writing_out() noexcept;

struct written_output {
  bool whole = true;
  bool somebody_writes = false;  ///< a running thread did not release a stream
  int descriptor = -1;           ///< that stream's
};

/// Writes out all of stdio's streams, std::cout and std::clog: first regular files, then streams whose reader takes
/// something now, then streams that write through functions of the program, then those with slow readers, and in the
/// end those that a thread holds. It does not wait for the lock of a frozen thread; for a running thread it waits a few
/// milliseconds, or until `limit` while the exiting thread waits for a reader. It may wait for a reader, or in a
/// function of the program, for ever.
written_output write_out(steady_time limit) noexcept;

/// Makes sure that nothing waits for a stream without output that a frozen thread holds (one that sleeps in getchar(),
/// for example), because a destructor may call fflush(nullptr). Runs on the probe thread, which may wait for the list
/// of streams.
void give_up_frozen_streams() noexcept;

/// The last step of the exit before the C library's own, on the exiting thread: everything that is free is written,
/// under its lock, and no stream that a frozen thread held is left to wait for.
void close_streams() noexcept;
/// Waits while another thread is in there, which writes what the caller would.
void wait_while_streams_are_closed() noexcept;

/// The calling thread runs the exit. In the child of a fork too, where it is another one.
void note_exiting_thread() noexcept;

}  // namespace curfew::inline v1::detail
