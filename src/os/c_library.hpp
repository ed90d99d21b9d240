// SPDX-License-Identifier: Apache-2.0
// What has to be known of the C library's insides: where its code lies, and whether a thread holds one of its locks.
// docs/freezing.md lists what depends on which C library.
#pragma once

#include <curfew/forward.hpp>

#include <sys/types.h>

#include <cstdint>

namespace curfew::inline v1::detail::os {

/// Notes where the code of the C library, the loader and the allocator lies, once. Takes the loader's lock.
void find_c_library_code() noexcept;

/// Looks up what an exit needs and can only find by its name, once. The loader's lock, which that takes, may be kept by
/// a thread in the initialiser of a library later on: call it when the first thread is started.
void look_up_functions() noexcept;

/// Code of curfew's own that counts as the C library's.
void add_busy_code(const void* begin, const void* end) noexcept;
/// Is it inside sched_yield, which a spinning thread calls over and over?
bool is_yield_code(const void*) noexcept;
/// Async-signal-safe.
bool is_busy_code(const void* address) noexcept;
/// Of busy code, is it in the functions in front of the C library's (add_code_in_front)? Async-signal-safe.
bool is_code_in_front(const void* address) noexcept;
/// The kernel's code that the C library calls to know the time, now and then under a lock. Async-signal-safe.
bool is_kernel_clock_code(const void* address) noexcept;
/// The C library's function through which everybody else calls it. Async-signal-safe.
bool is_clock_code(const void* address) noexcept;

/// The kernel's id of the calling thread, which pthread_create has made in this process. The C library knows it and
/// shows it as the owner of a mutex, which saves a system call.
pid_t id_of_made_thread() noexcept;

/// Takes and gives back the C library's locks: allocator, list of streams, loader, exit handlers, time zone,
/// environment, locales, conversions, syslog. Does not return while a thread holds one of them for good, so call it on
/// a helper thread.
void touch_c_library_locks() noexcept;

/// Tells that a thread has waited long for the lock at `address`. Only waiting shows where the loader's lock is: if
/// this is that lock, it is known from now on.
void note_lock(std::uint64_t address) noexcept;
/// Does the calling thread hold the loader's lock? If so, it may be anywhere, for example in a library's initialiser,
/// and must not be frozen. Returns false while the lock is not known. Async-signal-safe.
bool holds_loader_lock() noexcept;
bool loader_lock_is_known() noexcept;
/// Takes it, so that threads that open libraries without pause are found waiting for it. Returns false if it is not
/// free, or not known.
bool try_lock_loader() noexcept;
void unlock_loader() noexcept;

}  // namespace curfew::inline v1::detail::os
