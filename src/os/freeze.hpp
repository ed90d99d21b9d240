// SPDX-License-Identifier: Apache-2.0
// Freezing threads where they are, by signal. docs/freezing.md says which ways were tried and why this one was chosen.
//
// A thread is frozen inside the handler of a signal, every signal masked. It refuses, and is asked again, while its
// code is inside the C library but not asleep there: it may hold a lock of the allocator, of a stream, of the loader.
// It defers the freeze, and freezes by itself later, while it holds a lock that we know of (os/defer.hpp).
#pragma once

#include "os/call_restart.hpp"
#include "os/condition.hpp"
#include "os/futex.hpp"
#include "os/signal_timer.hpp"

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <span>

namespace curfew::inline v1::detail::os {

enum class freeze_order : std::uint32_t {
  run,
  freeze,         ///< at the next moment when it holds nothing
  freeze_anyhow,  ///< now, whatever it holds
  answer,         ///< it is frozen, and must open the signals in `answered`
};

/// One thread, as the freezer sees it. It must outlive the OS thread.
struct freeze_cell {
  futex_word order{0};                                  ///< a freeze_order
  std::atomic<std::uint32_t> frozen{0};                 ///< 1 while the thread is frozen
  std::atomic<std::uint32_t> refused{0};                ///< how often the thread was asked at a bad moment
  std::atomic<pid_t> tid{0};                            ///< 0: has not begun
  std::atomic<bool> deferred{false};                    ///< it was asked while it held a lock that we know of
  std::atomic<bool> held{false};                        ///< it is frozen with such a lock
  std::atomic<const void*> condition{nullptr};          ///< it is frozen in a wait on this condition variable
  std::atomic<broken_call> in_call{broken_call::none};  ///< it is frozen in a call that the kernel will not restart
  call_note call;                                       ///< which one, as seen from outside
  condition_place waits;  ///< where it is counted among a condition variable's waiters, and is not while it is frozen
  std::atomic<bool> ended_itself{false};   ///< it has stopped by itself: it was the second to call exit, for example
  std::atomic<unsigned long> pthread{0};   ///< what it calls itself, once it has been asked to freeze
  std::atomic<std::uint64_t> answered{0};  ///< signals that it takes while it is frozen: bit N-1 is signal N
  std::atomic<int> timer{no_timer};        ///< asks the thread again, at a random moment, when it has refused
  std::uint32_t spin_locks = 0;            ///< how often it was found in a spin lock's section, in this freeze
  std::uint32_t same_place = 0;            ///< how often since then it had not got on from there
  const void* place = nullptr;             ///< where that was
  std::uint32_t asked_at = 0;              ///< the freezer's own note: `refused` when it last asked
  std::uint64_t switches = 0;              ///< the freezer's own note: how often it had lost its processor
  std::uint32_t futile_waits = 0;          ///< the freezer's own note: new waits for others, with a lock, in all rounds
};

/// Makes the calling thread known to the handler, by the kernel's id of it. If a freeze came before it began, it
/// freezes in here.
void adopt_cell(freeze_cell&, pid_t own_id) noexcept;
/// The calling thread's cell is about to be used for another thread.
void drop_cell() noexcept;
/// Returns the calling thread's cell, or null.
freeze_cell* own_cell() noexcept;
/// Called in the child of a fork: the calling thread is the only one, and nothing wants it frozen.
void reset_cell_after_fork() noexcept;

/// Finds out which signal to use and where the C library's code lies. Call it before anything is frozen, because it
/// allocates. Returns false if threads cannot be frozen here.
bool prepare_freezing() noexcept;
/// Lets calls of the calling thread's own be interrupted, to see how the C library makes them. After prepare_freezing,
/// on a thread that nobody cancels.
void learn_from_own_calls() noexcept;
/// Is that needed, and of any use?
bool has_to_learn_from_own_calls() noexcept;
/// Is this the signal that freezes threads? Async-signal-safe.
bool is_freeze_signal(int number) noexcept;

/// Code from `begin` to `end` stands in front of the C library's, and counts as it: a thread is not frozen inside it.
/// For lock_tracking.
CURFEW_API void add_code_in_front(const void* begin, const void* end) noexcept;

struct freeze_result {
  unsigned frozen = 0;
  unsigned gone = 0;
  unsigned left = 0;  ///< neither
  unsigned silent =
      0;  ///< of those left: have never answered, because they block the signal or nobody could be sent one
};

/// Freezes threads, in slices of time, so that its user can do something in between. Does not allocate.
/// Threads that have not begun are frozen as soon as they begin.
class freezer {
 public:
  /// Asks all of them to freeze at their next good moment. `may_be_thawed`: they may be thawed for good later, so the
  /// call in which they sleep has to be known.
  explicit freezer(std::span<freeze_cell* const>, bool may_be_thawed) noexcept;
  ~freezer();
  freezer(const freezer&) = delete;
  freezer& operator=(const freezer&) = delete;
  /// Waits for them, and asks again those that have refused. Returns how many are left when all are frozen or `until`
  /// has come.
  unsigned wait(steady_time until) noexcept;
  /// Has any of those left done something since the last call, or is it waiting for a processor? A thread that keeps
  /// its lock, and only wakes up and waits for others again and again, does nothing: that counts if threads may be
  /// thawed for good, because whoever wants the lock is helped then.
  bool has_progressed() noexcept;
  /// Is there a thread that cannot answer, because it blocks the signal and has neither deferred it nor refused, or
  /// that cannot be asked?
  [[nodiscard]] bool somebody_is_silent() const noexcept { return result().silent != 0; }
  /// Makes threads that have deferred it because of a lock that we know of freeze whatever they hold.
  void force_holders() noexcept;
  /// Makes all threads freeze whatever they hold.
  void force() noexcept;
  [[nodiscard]] freeze_result result() const noexcept;

 private:
  static void force_one(freeze_cell&) noexcept;

  std::span<freeze_cell* const> cells_;
  bool may_be_thawed_;
  unsigned passes_ = 0;
  unsigned holders_ = 0;  ///< of those that are frozen, in the last pass
  bool has_new_holders_ = false;
  bool has_asked_ = false;  ///< a signal could be sent
};
/// Thaws them, and waits, up to `until`, until they run again. None of them can tell from what a system call returns.
void thaw(std::span<freeze_cell* const>, steady_time until) noexcept;
/// The same, to ask them again; but it does not thaw those that sleep in a call that the kernel would not restart,
/// because no thread makes such a call under a lock of the C library. `known`: also thaws those whose call can be begun
/// again, in case that is wrong.
void thaw_for_a_while(std::span<freeze_cell* const>, bool known, steady_time until) noexcept;
enum class asked_by : bool {
  c_library,  ///< setuid, setgid and the like, which wait until each thread has made the system call
  anybody     ///< also by what the program handles: a collector that stops the world waits for an answer
};
/// Makes a frozen thread take, from now on, the signals that were sent to it alone. Returns false if there is none that
/// it does not take already.
bool let_answer_signals(freeze_cell&, asked_by) noexcept;
/// Makes a frozen thread take part in the C library's setuid from now on, without being asked again.
void let_answer_setuid(freeze_cell&) noexcept;
/// The calling thread executes nothing any more, and is never thawed.
[[noreturn]] void freeze_for_ever() noexcept;
/// Returns true if it is frozen, or its thread is gone or has not begun.
bool is_frozen(const freeze_cell&) noexcept;

/// The largest capacity below.
inline constexpr int most_frames_asked_for = 64;
/// Asks `tid`, which need not have a cell, for its call stack: return addresses, innermost first. Zero if it did not
/// answer by `deadline`. `frames` must stay alive and have room for the most, because the answer may come late.
int call_stack_of(pid_t tid, void** frames, int capacity, steady_time deadline) noexcept;

/// The same of the calling thread, where it is: it is not asked. Async-signal-safe.
int own_call_stack(void** frames, int capacity) noexcept;

/// What a thread's general registers and its instruction pointer held at one moment.
struct register_sample {
  std::array<std::uint64_t, 33> values{};
  bool in_call = false;  ///< it was in a system call that does something, or has just come from it
  [[nodiscard]] std::uint64_t fingerprint() const noexcept;
};
/// Asks `tid` as above. Returns false if it did not answer by `deadline`, or the processor's registers are not known
/// here.
bool sample_registers(pid_t tid, register_sample&, steady_time deadline) noexcept;

}  // namespace curfew::inline v1::detail::os
