// SPDX-License-Identifier: Apache-2.0
// The events of a record: one struct for each kind, which names its place in `event_kind`. Addresses and no words, and
// no padding, so that a record holds nothing but what was written. Whoever changes what is here raises `record_version`
// (record.hpp).
#pragma once

#include <cstdint>

namespace curfew::check {

enum class event_kind : std::uint32_t {
  none,
  maps_read,
  exit_began,
  exit_again,
  exit_in_handler,
  destructor_ran,
  static_used,
  variable_changed,
  freed_used,
  freed_twice,
  freed_written,
  crashed,
  terminated,
  static_built,
  running_at_exit,
  running_at_end,
  exit_blocked,
  thread_blocked,
  joined_nobody,
  condition_destroyed,
  lock_held,
  stream_held,
  output_left,
  library_unloaded,
  library_closing,
  exit_ended,
  became_other,
  stayed_itself,
  main_left,
  forked_beside_exit,
  exit_left_behind
};

/// A place in the record's text.
struct text_place {
  std::uint32_t offset, length;
};

enum class exit_by : std::uint32_t {
  handler,           ///< an exit handler ran, and nothing had been seen before
  return_from_main,  ///< the stack is empty then
  call,              ///< of exit
};

/// What a thread waits for, where that is known better than by its system call.
enum class wait_kind : std::uint32_t {
  none,
  mutex,
  condition,
  read_lock,
  write_lock,
  semaphore,
  barrier,
  once,
  destroyed_condition,  ///< that its waiters leave it
  forever,              ///< kept where it is by the library
};

/// The number of the system call that a thread sleeps in; this one: none, it runs.
inline constexpr std::uint64_t no_call = ~std::uint64_t{0};

/// The process's memory map, for what follows.
struct maps_read {
  static constexpr auto kind = event_kind::maps_read;
  text_place text{};
};

/// The exit begins on the thread. Stack: who called exit.
struct exit_began {
  static constexpr auto kind = event_kind::exit_began;
  std::int32_t status = 0;
  exit_by how{};
  std::uint32_t patience_ms = 0;  ///< so long an exit may make no progress
};

/// A second thread exits.
struct exit_again {
  static constexpr auto kind = event_kind::exit_again;
  std::int32_t status = 0;
  exit_by how{};
};

/// exit was called in a signal's handler.
struct exit_in_handler {
  static constexpr auto kind = event_kind::exit_in_handler;
  std::uint64_t interrupted = 0;  ///< where the signal hit
  std::uint32_t waited = 0;       ///< 1: inside a system call, where no lock of the C library is held
  std::uint32_t unused = 0;
};

/// A destructor of a static or an exit handler runs; written when it begins, completed when it has ended.
struct destructor_ran {
  static constexpr auto kind = event_kind::destructor_ran;
  std::uint64_t function = 0;
  std::uint64_t object = 0;
  std::uint64_t size = 0;       ///< of the object; 0: a handler, with no object that is known
  std::uint64_t ended_ns = 0;   ///< 0: it has not ended
  std::uint64_t asleep_ns = 0;  ///< that the thread has slept in it, by a call of its own
  std::uint64_t on_cpu_ns = 0;  ///< that it had a processor in it
  std::uint16_t owns = 0;       ///< 1: the object has memory that its destructor freed
  std::uint16_t guessed = 0;    ///< 1: the size is what the destructor itself has accessed
  std::uint16_t harmless = 0;   ///< 1: the destructor has changed nothing in it and freed nothing
  std::uint16_t of_thread = 0;  ///< 1: a thread_local object of the thread that exits
  std::uint16_t by_curfew = 0;  ///< 1: curfew waited in it, for the program's regular threads
  std::uint16_t unused[3] = {};
};

/// A destroyed static was used. Stack: where.
struct static_used {
  static constexpr auto kind = event_kind::static_used;
  std::uint64_t address = 0;
  std::uint64_t object = 0, size = 0;
  std::uint64_t pc = 0;
  std::int32_t destructor = -1;  ///< event of the one that destroyed it
  std::uint16_t written = 0;     ///< 1: the use was a write
  std::uint16_t in_handler = 0;  ///< 1: in a signal's handler
  std::uint32_t scanned = 0;     ///< 1: the same code went on to what lies around it, as a collector does
  std::uint32_t unused = 0;
  std::uint64_t code = 0;  ///< of a local variable of a function that main had called: inside that function
};

/// main has returned, and its local variables are gone: what its frame was. `static_used` has the index of this event
/// in place of a destructor's where one of them was used, or one of a function that main had called: `object` and
/// `size` are the function's frame then, as far as it is known.
struct main_left {
  static constexpr auto kind = event_kind::main_left;
  std::uint64_t begin = 0, end = 0;  ///< from its lowest address to what was above it
  std::uint64_t pc = 0;              ///< inside main
};

/// The thread was about to use a variable, and the destructor changed it. Stack: where.
struct variable_changed {
  static constexpr auto kind = event_kind::variable_changed;
  std::uint64_t address = 0;
  std::int32_t destructor = -1;
  std::uint32_t freed = 0;  ///< 1: it pointed to what the destructor freed; 0: the destructor's object has no data
};

/// Memory that the exit freed was used. Stack: where.
struct freed_used {
  static constexpr auto kind = event_kind::freed_used;
  std::uint64_t address = 0;
  std::uint64_t block = 0, size = 0;
  std::uint64_t pc = 0;
  std::int32_t destructor = -1;               ///< event of the one that freed it
  std::uint16_t written = 0, in_handler = 0;  ///< as above
};

/// It was freed again.
struct freed_twice {
  static constexpr auto kind = event_kind::freed_twice;
  std::uint64_t block = 0, size = 0;
  std::int32_t destructor = -1;
  std::uint32_t unused = 0;
};

/// It was written to, as was seen afterwards; without a thread.
struct freed_written {
  static constexpr auto kind = event_kind::freed_written;
  std::uint64_t address = 0;
  std::uint64_t block = 0, size = 0;
  std::int32_t destructor = -1;
  std::int32_t given_to = -1;  ///< the only thread that was started with a pointer to it; -1: none, or several
};

/// The thread was sent the signal of a fault. Stack: where.
struct crashed {
  static constexpr auto kind = event_kind::crashed;
  std::uint64_t address = 0;
  std::uint64_t pc = 0;
  std::int32_t signal = 0;
  std::uint32_t handled = 0;  ///< 1: the program has a handler of its own
};

/// std::terminate.
struct terminated {
  static constexpr auto kind = event_kind::terminated;
  std::uint32_t beside_exit = 0;  ///< 1: while another thread exits
  std::int32_t joinable = -1;     ///< thread whose joinable handle was being destroyed; -1: none was found
};

/// A static was built during the exit. Stack: where its destructor was registered.
struct static_built {
  static constexpr auto kind = event_kind::static_built;
  std::uint64_t object = 0, size = 0;
};

/// The thread was there when the exit began.
struct running_at_exit {
  static constexpr auto kind = event_kind::running_at_exit;
  std::uint64_t call = 0;    ///< system call, or `no_call`
  std::uint64_t object = 0;  ///< what it waits for: the call's first argument
  std::uint64_t pc = 0;
};

/// It was there when the last handler had run. Stack: where it is, as far as it could be asked.
struct running_at_end {
  static constexpr auto kind = event_kind::running_at_end;
  std::uint64_t call = 0, object = 0, pc = 0;
};

/// The thread, which exits or closes a library, makes no progress. Stack: where.
struct exit_blocked {
  static constexpr auto kind = event_kind::exit_blocked;
  std::uint64_t call = 0;
  std::uint64_t object = 0;  ///< the call's first argument, or what `wait` names
  std::uint64_t ms = 0;      ///< for so long
  text_place file{};         ///< of a call on a descriptor: what /proc has for it
  std::int32_t holder = -1;  ///< thread that has what it waits for; -1: not known
  wait_kind wait{};
};

/// Another thread at that time.
struct thread_blocked {
  static constexpr auto kind = event_kind::thread_blocked;
  std::uint64_t call = 0, object = 0, ms = 0;
  text_place file{};
  std::int32_t holder = -1;
  wait_kind wait{};
};

/// A thread is joined that cannot end: it is the caller, or was left behind by fork.
struct joined_nobody {
  static constexpr auto kind = event_kind::joined_nobody;
  std::int32_t joined = -1;
  std::uint32_t itself = 0;  ///< 1: the caller
};

/// In a forked child: a condition variable with waiters that are not there is destroyed.
struct condition_destroyed {
  static constexpr auto kind = event_kind::condition_destroyed;
  std::uint64_t condition = 0;
};

/// A forked child begins, while another thread of its parent is in the exit. Stack: who called fork.
struct forked_beside_exit {
  static constexpr auto kind = event_kind::forked_beside_exit;
  std::int32_t exiting = -1;  ///< that thread; -1: not known
};

/// The exit of such a child waits for ever at a lock of the C library, which that thread held. Stack: where.
struct exit_left_behind {
  static constexpr auto kind = event_kind::exit_left_behind;
  std::uint64_t lock = 0;
  std::int32_t exiting = -1;
  std::uint32_t unused = 0;
};

/// At the end of the exit a sleeping thread holds a mutex; without a thread of the event.
struct lock_held {
  static constexpr auto kind = event_kind::lock_held;
  std::uint64_t mutex = 0;
  std::int32_t holder = -1;
  std::uint32_t unused = 0;
};

/// Likewise a stream of the C library.
struct stream_held {
  static constexpr auto kind = event_kind::stream_held;
  std::uint64_t stream = 0;
  std::int32_t descriptor = 0;
  std::int32_t holder = -1;
};

/// The thread has a file stream of the C++ library with output that nobody will write.
struct output_left {
  static constexpr auto kind = event_kind::output_left;
  std::uint64_t buffer = 0;
  std::uint64_t bytes = 0;
};

/// A library that the thread runs in was closed.
struct library_unloaded {
  static constexpr auto kind = event_kind::library_unloaded;
  std::uint64_t begin = 0, end = 0;
  text_place path{};
};

/// The dlclose that is blocked.
struct library_closing {
  static constexpr auto kind = event_kind::library_closing;
  text_place path{};
};

/// The last handler has run.
struct exit_ended {
  static constexpr auto kind = event_kind::exit_ended;
};
/// The process becomes another program (exec).
struct became_other {
  static constexpr auto kind = event_kind::became_other;
  text_place path{};
};

struct stayed_itself {
  static constexpr auto kind = event_kind::stayed_itself;
};

}  // namespace curfew::check
