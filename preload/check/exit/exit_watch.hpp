// SPDX-License-Identifier: Apache-2.0
// The exit from outside: when it begins, whether it goes on, and what is left when it ends.
#pragma once

#include "check/record.hpp"

#include <cstdint>

namespace curfew::check {

/// The calling thread exits. False when the exit has begun already.
bool begin_exit(int status, exit_by how) noexcept;
/// A destructor or handler runs: if the exiting thread has left the exit before, another has begun it again, or the
/// same.
void watch_again() noexcept;
/// A destructor or handler runs and no exit was seen: it has begun by another way, unless a library is being closed.
bool begin_exit_by_handler() noexcept;
/// A second thread has called exit or returned from main, or the first one calls it again; true for a second one.
bool is_second_exit(int status, exit_by how) noexcept;
/// During the exit somebody has registered a destructor.
void note_registration(std::uint64_t object, std::uint64_t size) noexcept;
/// dlclose begins and ends on the calling thread; while it lasts it is watched as an exit is.
void begin_closing(const char* path) noexcept;
void end_closing() noexcept;

/// Registers, before everybody else, what runs after everybody else.
void watch_for_end() noexcept;
/// In the child of a fork.
void forget_watch_after_fork() noexcept;

/// Takes the signals of faults; a crash of the exiting thread is preceded by a last look at the others.
void watch_faults() noexcept;

/// Threads that come by now and then get the time to.
void linger() noexcept;

}  // namespace curfew::check
