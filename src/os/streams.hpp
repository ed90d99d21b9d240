// SPDX-License-Identifier: Apache-2.0
// The C library's streams, each by itself. What the C library has for all of them, `fflush(nullptr)` and, in glibc from
// 2.38 on, the end of `exit`, waits for one lock after the other: a thread that sleeps in `getchar()` keeps it from
// every stream that was opened before that one.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdio>
#include <span>

namespace curfew::inline v1::detail::os {

/// Finds the C library's list of streams, and proves with a stream of its own that it is the list and that locks look
/// as they are read here. Once; opens a stream: before anything is frozen.
void find_streams() noexcept;
/// Was the list found?
bool streams_are_known() noexcept;

/// The list's own lock. Waits for it as long as it takes; taken twice by the same thread it is to be given back twice.
void lock_stream_list() noexcept;
void unlock_stream_list() noexcept;

enum class stream_kind : unsigned char {
  file,         ///< a regular file: writing never waits for a reader
  ready,        ///< a pipe, a terminal, a socket that takes something now
  in_function,  ///< what writes is a function of the program's (fopencookie), or memory (fmemopen)
  any,
};

/// A stream with output that somebody else holds.
struct held_stream {
  FILE* stream = nullptr;
  int descriptor = -1;
  pthread_t owner{};  ///< null if its lock does not say
};

/// Writes out every stream of this kind that is free, and has a stream for input give back to its descriptor what was
/// read ahead, as `exit` does. A stream that holds nothing is left alone, held or not: nothing of it can be lost. Those
/// that somebody holds are put into `held`, as far as there is room; `count` says how many there are. False if one
/// could not be written whole.
/// Takes no lock but by try. Unless the caller holds the list's lock, nobody may open or close a stream meanwhile.
bool write_free_streams(stream_kind, std::span<held_stream> held, std::size_t& count) noexcept;

/// One that was held when the others were written, by try again. False if it still is; otherwise `whole` says whether
/// all of it was written.
bool write_if_free(const held_stream&, bool& whole) noexcept;
/// Whatever its lock says: its owner executes nothing any more. False if it could not be written whole.
bool write_without_lock(const held_stream&) noexcept;

/// Does somebody have a stream? Takes the list's lock.
bool a_stream_is_held() noexcept;

/// Gives up, in its owner's stead, the lock of each stream whose owner `is_frozen`: that executes nothing any more, and
/// nobody is to wait for it. Not of a stream with output: it may be half written. As above for the list's lock.
void release_streams(bool (*is_frozen)(pthread_t owner)) noexcept;

}  // namespace curfew::inline v1::detail::os
