// SPDX-License-Identifier: Apache-2.0
// The C library's streams, each by itself. The C library's own functions for all of them, `fflush(nullptr)` and, in
// glibc from 2.38 on, the end of `exit`, wait for one lock after another: a thread that sleeps in `getchar()` keeps
// them from every stream that was opened before that one.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdio>
#include <span>

namespace curfew::inline v1::detail::os {

/// Finds the C library's list of streams, and proves with a stream of its own that it is the list and that locks look
/// as they are read here. Call it once, before anything is frozen, because it opens a stream.
void find_streams() noexcept;
/// Was the list found?
bool streams_are_known() noexcept;

/// The list's own lock. Waits for it as long as it takes. A thread that takes it twice must give it back twice.
void lock_stream_list() noexcept;
void unlock_stream_list() noexcept;

enum class stream_kind : unsigned char {
  file,         ///< a regular file: writing never waits for a reader
  ready,        ///< a pipe, a terminal, a socket that takes something now
  in_function,  ///< what writes is a function of the program's (fopencookie), or memory (fmemopen)
  any,
};

/// A stream with output that another thread holds.
struct held_stream {
  FILE* stream = nullptr;
  int descriptor = -1;
  pthread_t owner{};  ///< null if its lock does not say
};

/// Writes out every stream of this kind that is free, and makes an input stream give back to its descriptor what was
/// read ahead, as `exit` does. A stream that holds nothing is left alone, locked or not, because nothing of it can be
/// lost. Those that another thread holds are put into `held`, as far as there is room; `count` says how many there are.
/// Returns false if one could not be written whole. It only tries to take locks. Unless the caller holds the list's
/// lock, no thread may open or close a stream meanwhile.
bool write_free_streams(stream_kind, std::span<held_stream> held, std::size_t& count) noexcept;

/// Tries again to write out one that was held when the others were written. Returns false if it is still held;
/// otherwise `whole` says whether all of it was written.
bool write_if_free(const held_stream&, bool& whole) noexcept;
/// Writes it out whatever its lock says: its owner executes nothing any more. Returns false if it could not be written
/// whole.
bool write_without_lock(const held_stream&) noexcept;

/// Does any thread hold a stream? Takes the list's lock.
bool a_stream_is_held() noexcept;

/// Releases, for its owner, the lock of each stream whose owner `is_frozen`: that thread executes nothing any more, and
/// nothing must wait for it. Leaves a stream with output alone, because it may be half written. What is said above of
/// the list's lock holds here too.
void release_streams(bool (*is_frozen)(pthread_t owner)) noexcept;

}  // namespace curfew::inline v1::detail::os
