// SPDX-License-Identifier: Apache-2.0
// Writing out what the process holds back, each stream by itself, so that one that somebody keeps costs the others
// nothing.
#pragma once

#include "os/clock.hpp"

namespace curfew::inline v1::detail {

/// Finds the streams; before anything is frozen.
void prepare_writing_out() noexcept;

struct written_output {
  bool whole = true;
  bool somebody_writes = false;  ///< a stream could not be had from a thread that runs
  int descriptor = -1;           ///< that stream's
};

/// Writes out all of stdio's streams, std::cout and std::clog: first regular files, then whoever takes something now,
/// then streams that write by functions of the program's, then slow readers, and in the end those that somebody holds.
/// Of a frozen thread nobody waits for the lock; a thread that runs is waited for a few milliseconds, or until `limit`
/// while the exiting thread waits for a reader. May wait for a reader, or in a function of the program's, for ever.
written_output write_out(steady_time limit) noexcept;

/// Nobody is to wait for a stream that a frozen thread has and that holds no output, as one does that sleeps in
/// getchar(): a destructor may call fflush(nullptr). On the probe thread, which may wait for the list of streams.
void give_up_frozen_streams() noexcept;

/// The last that is done of the exit before the C library's own end of it, on the exiting thread: everything that is
/// free is written, under its lock, and nobody is left to wait for where a frozen thread held a stream.
void close_streams() noexcept;
/// Waits while another thread is in there. It writes what the caller would.
void wait_while_streams_are_closed() noexcept;

/// The calling thread runs the exit. In the child of a fork too, where it is another one.
void note_exiting_thread() noexcept;

}  // namespace curfew::inline v1::detail
