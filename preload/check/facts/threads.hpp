// SPDX-License-Identifier: Apache-2.0
// Which threads the process has, from their start on.
#pragma once

#include "check/record.hpp"

#include <pthread.h>
#include <sys/types.h>

namespace curfew::check {

/// The calling thread's index in the record; it gets one if it has none.
int current_thread() noexcept;
/// The same, without making it known: -1 when it is not.
int known_thread() noexcept;
/// -1 when nothing is known of it.
int thread_of(pid_t tid) noexcept;
int thread_of(pthread_t handle) noexcept;
/// The last thread that had that id and has ended; -1: none.
int ended_thread_of(pid_t tid) noexcept;
/// A thread of the process that this one was forked from, and that is not here.
int left_behind(pthread_t handle) noexcept;

/// Is the calling thread the process's first one?
bool is_main_thread() noexcept;

/// At start-up, by main.
void adopt_main_thread() noexcept;
/// In the child of a fork: the calling thread is its main.
void adopt_after_fork() noexcept;
bool is_forked_child() noexcept;

/// Makes the thread known and starts it. On the new thread, first of all, `begins` is called with its index.
int start_thread(pthread_t* handle, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument,
                 void (*begins)(int index) noexcept) noexcept;
/// The calling thread was started by the C library itself, to run that.
void adopt_notified_thread(std::uint64_t routine) noexcept;
void note_detached(pthread_t handle) noexcept;
void note_joined(pthread_t handle) noexcept;

/// Calls `each(tid, index)` for every thread of the process but the caller and the watching one.
void for_each_other(void (*each)(pid_t tid, int index, void*), void*) noexcept;
bool is_alone() noexcept;

/// The thread that watches is none of the program's.
extern constinit std::atomic<pid_t> watching_thread;

void note_name(int index) noexcept;

}  // namespace curfew::check
