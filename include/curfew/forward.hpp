// SPDX-License-Identifier: Apache-2.0
// Names only: for headers that mention curfew's types and must stay light.
#pragma once

#include <curfew/detail/abi.hpp>

/// What users and the libraries of users may call. Everything else in a shared build is hidden.
#define CURFEW_API [[gnu::visibility("default")]]

namespace curfew {
inline namespace v1 {

class thread;
class jthread;
class thread_scope;
class thread_pool;
class shield;
class exit_in_progress;
class thread_exit;
struct thread_options;
struct thread_info;
struct thread_counts;
struct thread_exception;
struct exit_options;
class exit_guard;
struct exit_report;
struct pool_options;
enum class phase : unsigned char;

class event;
class bounded_semaphore;
class permit;
class broken_barrier;
class barrier;
class condition;
class timer;
class line_reader;
struct timer_options;
template <class T>
class blocking_queue;

namespace detail {
struct record;
struct thread_maker;
struct scope_threads;
struct timer_entry;
}  // namespace detail

}  // namespace v1
}  // namespace curfew
