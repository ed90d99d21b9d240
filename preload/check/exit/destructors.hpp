// SPDX-License-Identifier: Apache-2.0
// Every destructor of a static and every exit handler is called through here, so that it is known which one runs, and
// what it has destroyed.
#pragma once

namespace curfew::check {

/// In place of __cxa_atexit.
int register_destructor(void (*function)(void*), void* argument, void* module) noexcept;

/// Likewise for a thread_local object. Of the thread that exits it is noted when it is destroyed; pointers in it to
/// what its destructor freed are then made such that their use is caught.
int register_thread_destructor(void (*function)(void*), void* argument, void* module) noexcept;

}  // namespace curfew::check
