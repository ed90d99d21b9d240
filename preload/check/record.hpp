// SPDX-License-Identifier: Apache-2.0
// What `curfew check` is told by the process under check: raw facts in a shared file, addresses and no words. The
// command interprets them when the process is gone (or has stopped by a crash: what is written stays written).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace curfew::check {

/// Of the file's layout. The command and the library that it preloads come from one build; a stale file does not.
inline constexpr std::uint64_t record_magic = 0x32306b6365686363;

/// Where the file is, for the preloaded library, and what it is asked.
inline constexpr const char* record_variable = "CURFEW_CHECK_RECORD";
inline constexpr const char* options_variable = "CURFEW_CHECK_OPTIONS";

inline constexpr unsigned max_threads = 4096, max_events = 32768;
inline constexpr unsigned max_created = 20, max_stack = 44;
inline constexpr std::size_t max_text = std::size_t{8} << 20;

enum class event_kind : std::uint32_t {
  none,
  maps,             ///< text: the process's memory map, for what follows. a: offset, b: length
  exit_began,       ///< stack: who called exit. a: status, b: 1 by main's return, 2 by a call
  exit_again,       ///< a second thread exits. a: status, b: as above
  exit_in_handler,  ///< exit was called in a signal's handler. a: signal's pc, b: 1 if it was inside a waiting call
  destructor,       ///< a: function, b: argument, c: size of the object, d: when it ended (0: it has not)
  access,           ///< a destroyed static was used. a: address, b: the object, c: its size, d: pc
  changed_under,   ///< a: of a variable that the thread was about to use and the destructor `other` changed, b: 1 if it
                   ///< was a pointer to what that freed, 0 if the destructor's object has no data
  freed_access,    ///< memory that the exit freed was used. a: address, b: block, c: its size, d: pc
  freed_twice,     ///< b: block, c: its size
  write_to_freed,  ///< seen afterwards, without a thread. a: address, b: block, c: its size
  crash,           ///< a: signal, b: address, c: pc, d: 1 if the program has a handler of its own
  terminate,       ///< std::terminate. a: 1 if an exception is on its way
  static_built,    ///< a: guard; d: 1 if a destructor was registered for it (b: its object)
  running_at_exit,  ///< when the exit began. a: system call, b: its first argument, c: pc
  running_at_end,   ///< at its end; stack: where. a: system call, b: its first argument
  blocked,          ///< the exit (or a dlclose) makes no progress. a: system call, b: its first argument, c: for ms,
                    ///< d: text, what its descriptor is (offset << 16 | length)
  blocked_other,    ///< another thread at that time; same fields
  join,             ///< in a forked child, of a thread that is not there. a: pthread_t
  condition_destroyed,  ///< in a forked child, with waiters that are not there. a: condition
  lock_held,            ///< a: mutex, by `other`
  stream_held,          ///< a: FILE, b: its descriptor, by `other`
  output_left,          ///< a: stream object, b: bytes, c: 1 FILE 2 filebuf, d: descriptor; of `thread`
  unloaded,  ///< a library that the thread runs in was closed. a, b: its range; text in c (offset), d (length)
  closing,   ///< dlclose under way that lasts. text as above
  ended,     ///< the last handler has run
  became,    ///< the process becomes another program (exec). text: its path, a: offset, b: length
  stayed,    ///< that failed: it did not
};

/// One thread of one process. `number` counts up from main's 0 in each process.
struct thread_record {
  std::atomic<std::uint32_t> state;  ///< see below
  std::uint32_t number;
  std::int32_t pid, tid;
  std::int32_t parent;  ///< index of who started it; -1: not known
  std::uint32_t created_count;
  std::uint64_t handle;  ///< its pthread_t
  std::uint64_t routine, argument;
  std::uint64_t started_ns, ended_ns;
  char name[16];
  std::uint64_t created[max_created];

  enum : std::uint32_t { used = 1, detached = 2, joined = 4, ended = 8, crashed = 16, seen_only = 32, frozen = 64 };
};

/// The object has memory that its destructor freed; its size is what the destructor itself has accessed; the destructor
/// has changed nothing in it and freed nothing.
inline constexpr std::uint32_t destructor_owns = 1, destructor_guessed = 2, destructor_harmless = 4;
/// The object was a thread_local one of the thread that exits; `d` of its event is then that thread's pointer.
inline constexpr std::uint32_t destructor_of_thread = 8;

/// The access was a write; it happened in a signal's handler.
inline constexpr std::uint32_t access_writes = 1, access_in_handler = 2;

/// What a thread waits for.
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
  forever,              ///< kept here by this library
};

struct event_record {
  std::atomic<event_kind> kind;  ///< written last
  std::int32_t pid;
  std::int32_t thread;  ///< index into the threads; -1: none
  std::int32_t other;   ///< likewise
  std::int32_t during;  ///< index of the event of the destructor that ran; -1: none
  std::uint32_t stack_count;
  std::uint32_t times;  ///< how often the same was seen again
  std::uint32_t role;   ///< of `access` and `destructor`: flags;
                        ///< of `blocked`: a wait_kind (then b is the object)
  std::uint64_t at_ns;
  std::uint64_t a, b, c, d;
  std::uint64_t stack[max_stack];
};

struct record_file {
  std::uint64_t magic;
  std::int32_t first_pid;
  std::atomic<std::uint32_t> loaded;  ///< processes that the library was loaded into
  std::atomic<std::uint32_t> thread_count, event_count;
  std::atomic<std::uint64_t> text_used;
  thread_record threads[max_threads];
  event_record events[max_events];
  char text[max_text];
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::is_standard_layout_v<record_file>);

}  // namespace curfew::check
