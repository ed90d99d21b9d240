// SPDX-License-Identifier: Apache-2.0
// What curfew knows of one thread.
#pragma once

#include "os/freeze.hpp"
#include "os/futex.hpp"

#include <curfew/detail/invoke.hpp>
#include <curfew/registry.hpp>

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>

namespace curfew::inline v1::detail {

/// Which of the registry's lists a record is in.
enum class listed : unsigned char {
  nowhere,
  live,      ///< its thread runs, or is about to
  ended,     ///< its thread is over and has a handle, which may join it
  unreaped,  ///< its thread is over and has no handle: the next thread that ends or starts reaps it
};

/// How far the reaping of an OS thread has got; a futex word.
enum class reaping : std::uint32_t { none, under_way, done };

/// What the handle can still do. After a join or a detach it only answers and asks to stop.
enum class handle_state : unsigned char { joinable, joined, detached };

/// Bits of `record::uses`: when both are set, nothing is left that could join the thread through a handle.
enum : unsigned { handle_dropped = 1, thread_over = 2 };

struct record {
  // Under the registry's lock.
  record* previous = nullptr;
  record* next = nullptr;
  listed list = listed::nowhere;
  unsigned uses = 0;
  std::string name;  ///< empty: the default, made from the number when somebody asks

  // Fixed before the thread starts (changed in the child of a fork, when there is one thread).
  std::uint64_t number = 0;
  std::uint64_t parent = 0;
  thread_kind kind = thread_kind::foreign;
  owner who = owner::handle;
  bool takes_token = false;
  std::optional<std::chrono::milliseconds> grace;
  source created_at;
  std::chrono::system_clock::time_point started_at;  ///< to be read once `begun`
  payload_operations operations{};
  void* payload = nullptr;
  std::size_t stack_size = 0;
  std::size_t allocated_align = 0;
  void* pins[2] = {};  ///< modules that its code lies in

  std::atomic<pthread_t> pthread{};
  os::freeze_cell cell;
  std::stop_source stop{std::nostopstate};
  std::exception_ptr exception;  ///< written by the thread, read after its end

  std::atomic<bool> begun{false};
  std::atomic<bool> adopted{false};              ///< somebody else has started it: only its end is seen, never joined
  unsigned char turns_of_end = 0;                ///< how often its keys' destructors have come round to us
  bool runs_exit = false;                        ///< an exit handler may end it
  std::atomic<bool> called_finish{false};        ///< which leaves its caller running
  std::atomic<bool> in_exit{false};              ///< it called exit while another thread's exit was under way
  std::atomic<bool> waits_for_destroyed{false};  ///< in what was destroyed under it: it wakes to freeze
  std::atomic<unsigned> waits{0};                ///< curfew's own waits that it is inside
  std::atomic<unsigned> shields{0};              ///< open shields
  std::atomic<std::uint64_t> joins{0};           ///< 1 + the number of the thread it joins without limit; 0: none
  std::atomic<bool> is_worker{false};            ///< of a pool
  std::atomic<bool> runs_code_without_token{
      false};  ///< of the user's, on a thread of curfew's that takes a token for itself
  std::atomic<bool> waits_for_lock_of_exit{false};   ///< it will never get it: the exit must not wait for its end
  std::uint64_t cycle_word = 0, cycle_switches = 0;  ///< the exiting thread's own notes of where it sleeps
  std::atomic<handle_state> handle{handle_state::joinable};

  os::futex_word over{0};  ///< 1: its function and its thread_local destructors are over
  os::futex_word reaped{0};
  std::atomic<pthread_t> joiner{};    ///< who sleeps in pthread_join for it
  std::atomic<unsigned> sleepers{0};  ///< who sleeps on one of the two; saves a system call where nobody does
  std::atomic<unsigned> references{1};

  [[nodiscard]] bool daemon() const noexcept { return kind == thread_kind::daemon; }
  /// It executes nothing any more, or will not from its next good moment on: finish() or an exit_guard has frozen it
  /// before this exit, or it has frozen itself.
  [[nodiscard]] bool is_frozen_for_good() const noexcept {
    return cell.ended_itself.load() || waits_for_destroyed.load() ||
           cell.order.load() != static_cast<std::uint32_t>(os::freeze_order::run);
  }
  /// Will the end of the program ask it to stop? It asks only threads that were told to listen: a thread that takes a
  /// token, one whose jthread's destructor would ask it, a daemon that was given a grace period. Any other would wake
  /// up from its waits and run on, again and again.
  [[nodiscard]] bool is_asked_at_the_end() const noexcept {
    if (daemon() && runs_code_without_token.load()) return false;
    if (takes_token) return true;
    if (who == owner::asking_handle && handle.load() == handle_state::joinable) return true;
    return daemon() && grace.value_or(std::chrono::milliseconds(0)) > std::chrono::milliseconds(0);
  }
  [[nodiscard]] bool has_os_thread_of_ours() const noexcept { return operations.run != nullptr; }
};

/// Set while the calling thread makes a pool's worker: the record knows it before the worker runs.
extern constinit thread_local bool makes_a_worker [[gnu::tls_model("initial-exec")]];

/// A record with room for `payload_size` bytes behind it, one reference.
record* make_record(std::size_t payload_size, std::size_t payload_align);
void retain(record&) noexcept;
void release(record*) noexcept;
/// Releases the modules of its code, which may be unloaded before the record goes, and what the record has of theirs.
void release_modules(record&) noexcept;

/// A reference that is given back.
class record_ref {
 public:
  explicit record_ref(record* r) noexcept : record_(r) {
    if (r != nullptr) retain(*r);
  }
  record_ref(record_ref&& other) noexcept : record_(other.record_) { other.record_ = nullptr; }
  record_ref& operator=(record_ref&& other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~record_ref() {
    if (record_ != nullptr) release(record_);
  }
  record* get() const noexcept { return record_; }
  record* operator->() const noexcept { return record_; }
  record& operator*() const noexcept { return *record_; }

 private:
  record* record_;
};

/// While the calling thread is inside one of curfew's waits. `whom`: the thread it joins.
class waiting {
 public:
  explicit waiting(const record* whom = nullptr) noexcept;
  ~waiting();
  /// The calling thread waits for the thread with the number `one_more` - 1, as if it joined it; 0: it is not known
  /// which.
  void for_thread(std::uint64_t one_more) noexcept;
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;

 private:
  record* self_;
};

/// Does this thread wait, by joins, for `self`, so that waiting for it would be a cycle?
bool waits_in_a_cycle_locked(const record&, const record* self) noexcept;
/// Does it wait in this way for a thread that never ends, because that one runs the exit or has called exit as well,
/// waits for a lock of the exiting thread, or, once `daemons_never_end`, is a daemon?
bool waits_for_the_exit_locked(const record&, const record* exiting) noexcept;
/// Does it wait in this way for a daemon?
bool joins_a_daemon_locked(const record&) noexcept;
/// The exit has waited as long as it waits for daemons that are joined, and will freeze them.
extern constinit std::atomic<bool> daemons_never_end;

}  // namespace curfew::inline v1::detail
