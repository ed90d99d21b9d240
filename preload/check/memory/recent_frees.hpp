// SPDX-License-Identifier: Apache-2.0
// What main frees last before it returns: its local variables' memory, which a thread may still use. Where a main
// function ends is not known beforehand, so the last blocks that its thread freed are always given back late, as long
// as there are other threads. When the exit begins, those that are left are kept as what the exit frees is.
#pragma once

#include <atomic>
#include <cstddef>

namespace curfew::check {

/// The thread whose blocks are given back late, as its thread pointer; null: nobody's.
extern constinit std::atomic<const void*> frees_late;

/// Asked at every free().
[[gnu::always_inline]] inline bool frees_are_late() noexcept {
  return frees_late.load(std::memory_order_relaxed) == __builtin_thread_pointer();
}

/// `release`: gives a block back to the C library. Once, when the process begins; where another allocator than the C
/// library's is in use, or operator delete is not the C++ library's, nothing is ever given back late.
void prepare_late_frees(void (*release)(void*) noexcept, bool allowed) noexcept;
/// The calling thread, which is main's, has started another one.
void begin_late_frees() noexcept;
/// In place of free(): true when the block is kept for later; an older one is given back for it.
bool free_late(void* block) noexcept;
/// Somebody asks the C library how much memory is in use: those of the calling thread are given back. The bytes of
/// another thread's, which stay.
std::size_t give_late_frees_back() noexcept;
/// The exit begins on the calling thread. With `event`, what is left is kept as if the destructor with that event had
/// freed it; with -1 it stays as it is: exit may have been called by the handler of a signal that interrupted malloc.
void end_late_frees(int event) noexcept;

}  // namespace curfew::check
