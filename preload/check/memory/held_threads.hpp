// SPDX-License-Identifier: Apache-2.0
// Threads that use what is about to be destroyed are held where they do so, until the destructor has ended: their use
// then comes after it, as it may in any run.
//
// Of an exit handler it is not known what it ends. Threads are held when they have read a pointer to some block: if the
// handler frees that and changes the pointer, they come to the block with what they have read.
#pragma once

#include "check/facts/object_sizes.hpp"

#include <cstdint>

namespace curfew::check {

/// Of the object whose destructor runs; size 0: none.
struct object_range {
  std::uint64_t begin = 0, size = 0;
};
object_range object_in_destruction() noexcept;
void begin_destruction(const object_range&) noexcept;

/// There is a thread that releases those who are held, should a destructor wait for one of them. Until then nobody is
/// held.
void allow_holding() noexcept;
/// In the child of a fork: that thread is not there.
void forbid_holding() noexcept;

/// Before the destructor: whoever uses the module's data around the range from now on is held where it does so.
void hold_others(const object_range&) noexcept;
/// In the handler of a fault: a thread has accessed that address. False when it was not to be held. `context`: the
/// fault's.
bool hold_until_destroyed(std::uint64_t address, const void* context) noexcept;
/// Before an exit handler: who reads a pointer in that data from now on is held behind that.
void hold_readers(const memory_range& data) noexcept;
/// In the handler of a fault, with the page open: is the thread to be held when it has made this access? It calls
/// `hold_behind_read` then.
bool is_held_behind(std::uint64_t address, bool write) noexcept;
void hold_behind_read() noexcept;
/// After the destructor, before pages are closed: nobody is held any more where they do something.
void stop_holding() noexcept;
/// Of those who were held: has the destructor freed what one was about to reach by a pointer, and changed the pointer?
/// `event`: the destructor's.
void tell_changed(int event, std::uint64_t object_size) noexcept;
/// They go on.
void end_destruction() noexcept;
/// Nothing is said of those who were held.
void forget_held() noexcept;

/// The destructor lasts: it may be waiting for somebody who is held. They go on, and nothing is said of them.
void release_held() noexcept;
bool somebody_is_held() noexcept;

}  // namespace curfew::check
