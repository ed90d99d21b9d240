// SPDX-License-Identifier: Apache-2.0
// Every destructor of a static and every exit handler is called through here, so that it is known which one runs, and
// what it has destroyed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace curfew::check {

/// In place of __cxa_atexit.
int register_destructor(void (*function)(void*), void* argument, void* module) noexcept;

/// Finds out how large the registered objects are, from the modules' symbol tables; those of stripped modules are taken
/// to end where the next begins. When the exit begins.
void measure_objects() noexcept;

/// A thread has accessed something that is about to be destroyed, or a variable beside it: it stays here until the
/// destructor has ended, so that its access comes after it, as it may in any run. False when it was not to be held.
/// `context`: the fault's.
bool hold_until_destroyed(std::uint64_t address, const void* context) noexcept;
/// The destructor lasts: it may be waiting for somebody who is held. They go on, and nothing is said of them.
void release_held() noexcept;
bool somebody_is_held() noexcept;
/// Does the exiting thread sleep only so that others run? Then it does not wait for who is held.
bool is_giving_time() noexcept;

/// Likewise for a thread_local object. Of the thread that exits it is noted when it is destroyed; pointers in it to
/// what its destructor freed are then made such that their use is caught.
int register_thread_destructor(void (*function)(void*), void* argument, void* module) noexcept;

/// The exiting thread has accessed that address: if it belongs to an object of unknown size that is being destroyed,
/// the object reaches that far. `write`: it may have been changed by that.
void note_own_access(std::uint64_t address, bool write) noexcept;

/// The object of the destructor that runs; size 0: none.
struct object_range {
  std::uint64_t begin = 0, size = 0;
};
object_range object_in_destruction() noexcept;

/// Counts up with each destructor that begins or ends.
std::uint64_t destructor_progress() noexcept;

/// Gives other threads time: so long, and, on a busy machine, until each of them has had a processor. Less the more it
/// has been asked.
void give_time(std::uint64_t microseconds, unsigned at_most_ms) noexcept;

}  // namespace curfew::check
