// SPDX-License-Identifier: Apache-2.0
// What a pool is made of. It outlives its handle while a worker is left, be it frozen: so it is counted.
#pragma once

#include "os/defer.hpp"
#include "os/futex.hpp"
#include "os/lock.hpp"
#include "pool/fork_deque.hpp"
#include "pool/queue.hpp"
#include "registry/record.hpp"
#include "sync/parking.hpp"
#include "sync/spin.hpp"

#include <curfew/pool/thread_pool.hpp>
#include <curfew/thread.hpp>

#include <atomic>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace curfew::inline v1::detail {

/// Where one thread offers halves to others. The worker's own, or claimed by a thread from outside.
struct fork_place {
  std::atomic<bool> claimed{false};
  fork_deque halves;
  // Of a thread from outside, what it had before: pools may be used inside of each other.
  pool_state* previous_pool = nullptr;
  fork_place* previous_place = nullptr;
  root previous_root = 0;
};

inline constexpr std::size_t outside_places = 8;
static_assert(outside_places < 16, "a root has four bits");

struct worker {
  explicit worker(pool_state& p) noexcept : pool(p) {}

  pool_state& pool;
  fork_place* place = nullptr;  ///< null in a pool that has more workers than places
  unsigned generation = 0;      ///< of the pool: another one in the child of a fork
  os::futex_word wake{0};       ///< 1: it is not to be parked any more

  // The worker's own.
  const task* current = nullptr;  ///< what it runs, and has nothing else to do after; null when a daemon
  spin_patience patience;         ///< how long it looks for work

  // Under the pool's lock.
  worker* previous = nullptr;
  worker* next = nullptr;
  worker* below = nullptr;                 ///< among the parked; among the ended
  record* self = nullptr;                  ///< once it has begun
  std::atomic<const void*> code{nullptr};  ///< of the task that it runs
  thread handle;                           ///< once it was started
  bool started = false;                    ///< its handle is there
  bool retired = false;                    ///< it has left the pool
  bool searching = false;                  ///< it looks for work
  bool parked = false;                     ///< it sleeps
  bool abandoned = false;                  ///< it is a daemon now, for an `abandon` task
};

inline constexpr unsigned no_limit = 0;
/// A pool of so many workers has always one for each task.
inline constexpr unsigned as_many_as_tasks = INT_MAX;

struct pool_state {
  // Fixed.
  std::string name;
  unsigned limit = 1;  ///< of workers
  unsigned keep = 1;
  unsigned searchers = 1;  ///< few search at once: they would keep processors from those that work
  std::chrono::milliseconds idle{};
  std::size_t queue_limit = no_limit;
  std::function<void()> initialiser;
  std::size_t stack_size = 0;
  source created_at;
  bool takes_batches = true;  ///< not where each task is to have a worker at once, nor where the queue is counted
  std::size_t place_count = 0;
  std::size_t own_places = 0;  ///< the first ones are the workers'
  std::unique_ptr<fork_place[]> places;

  alignas(64) os::lock mutex;
  task_list waited;   ///< `finish` and `skip`, but for those in `next_tasks`
  task_list abandon;  ///< apart, since a thread that waits must not take one
  std::uint64_t numbered = 0;
  worker* workers = nullptr;
  worker* parked = nullptr;  ///< the last parked is woken first
  worker* ended = nullptr;   ///< to be joined by `shutdown`
  unsigned named = 0;        ///< workers so far
  unsigned total = 0;        ///< workers, those about to be started included
  unsigned abandoned = 0;    ///< of these, those that run an `abandon` task
  unsigned joining = 0;      ///< `shutdown`s that join a worker
  unsigned watchers = 0;     ///< who waits, at this address, for the pool to change
  unsigned blocked = 0;      ///< who waits, at this address, for room in the queue
  bool closed = false;
  bool last_tasks = false;  ///< closed by its destructor, which runs what is left and what that submits
  bool broken = false;      ///< its initialiser has thrown
  bool ending = false;      ///< the end of the program has begun
  unsigned generation = 0;

  // Written under the lock, read by whoever looks whether to take it.
  alignas(64) std::atomic<std::uint32_t> queued{0};
  std::atomic<std::uint32_t> searching{0};  ///< workers that look for work, those about to be started included
  std::atomic<std::uint32_t> sleeping{0};   ///< parked workers
  std::atomic<bool> may_grow{true};
  std::atomic<bool> has_halves{false};  ///< somebody has offered one, ever: otherwise nobody looks for them
  std::atomic<unsigned> late_tasks{0};  ///< submitted by threads that the exit does not wait for, when it could end

  task_batch next_tasks;  ///< come before those of `waited`; never `abandon` tasks

  // Under the list's lock.
  unsigned references = 1;
  pool_state* previous = nullptr;
  pool_state* next = nullptr;
};

/// Nobody is frozen while holding it: the destructor of a static pool may need it. No code of the user's runs under it.
class lock_pool {
 public:
  explicit lock_pool(pool_state& p) noexcept : pool_(p) { pool_.mutex.acquire_soon(); }
  ~lock_pool() { pool_.mutex.release(); }
  lock_pool(const lock_pool&) = delete;
  lock_pool& operator=(const lock_pool&) = delete;

 private:
  os::no_freeze unfrozen_;
  pool_state& pool_;
};

/// The calling thread, when it is a worker.
extern constinit thread_local worker* own_worker [[gnu::tls_model("initial-exec")]];

/// Where the calling thread offers halves, and whose.
extern constinit thread_local pool_state* fork_pool [[gnu::tls_model("initial-exec")]];
extern constinit thread_local fork_place* own_place [[gnu::tls_model("initial-exec")]];
/// Of what call the half has come that the calling thread does, or the thread's own.
extern constinit thread_local root fork_root [[gnu::tls_model("initial-exec")]];

/// May workers of the pool be waiting for the calling thread? For a worker of it, and for a thread from outside that
/// has halves with it.
inline bool is_own_task(const pool_state& p) noexcept {
  if ((own_worker != nullptr && &own_worker->pool == &p) || fork_pool == &p) return true;
  for (const fork_place* place = own_place; place != nullptr; place = place->previous_place)
    if (place->previous_pool == &p) return true;
  return false;
}

/// How many forks lie between this process and the first one.
extern constinit std::atomic<std::uint32_t> forks_survived;

// Every pool is in a list, for the end of the program and for forks.
void list_pool(pool_state&) noexcept;
void for_each_pool(const std::function<void(pool_state&)>&);
void retain_pool(pool_state&) noexcept;
/// The last one destroys it.
void release_pool(pool_state&) noexcept;

inline void add_queued_locked(pool_state& p) noexcept {
  p.queued.store(static_cast<std::uint32_t>(p.waited.size + p.abandon.size), std::memory_order_relaxed);
}
/// All that have not begun. Not for who submits: workers write into `next_tasks` all the time.
inline std::size_t waiting_locked(const pool_state& p) noexcept {
  return p.waited.size + p.abandon.size + p.next_tasks.size();
}
inline void push_locked(pool_state& p, task* t) noexcept {
  t->number = ++p.numbered;
  (t->kind == at_exit::abandon ? p.abandon : p.waited).push(t);
  add_queued_locked(p);
}
inline void add_searching_locked(pool_state& p, int more) noexcept {
  p.searching.store(p.searching.load(std::memory_order_relaxed) + static_cast<unsigned>(more),
                    std::memory_order_relaxed);
}
inline void find_out_growth_locked(pool_state& p) noexcept {
  p.may_grow.store(!p.closed && !p.ending && p.total < p.limit, std::memory_order_relaxed);
}

/// Tells who waits for the pool as a whole; after it, wake them outside of the lock if true.
[[nodiscard]] inline bool change_locked(const pool_state& p) noexcept { return p.watchers != 0; }

/// Sees to it that whoever waits for the pool looks at it again.
inline void tell(const pool_state& p, bool changed) noexcept {
  if (changed) wake_at(&p.watchers, all_of_them);
}

/// Waits until the pool has changed, for one counted in `watchers`, with a place there, under the lock.
wait_end wait_for_change(pool_state&, parking_place&, stop_choice, steady_time deadline);

/// A worker for a new task: at most one of the two.
struct wake_up {
  worker* wake = nullptr;
  bool start = false;  ///< counted already: `start_worker`
};
/// Whom so many tasks that wait need.
[[nodiscard]] wake_up wake_up_locked(pool_state&, std::size_t tasks) noexcept;
/// A parked worker, out of the list; null when there is none. `wake_worker` it, outside of the lock.
[[nodiscard]] worker* unpark_locked(pool_state&) noexcept;
void wake_worker(worker*) noexcept;

/// Calls whom a worker has found to be needed.
void carry_out(pool_state&, wake_up) noexcept;
/// It does not search any more: a task that came meanwhile is another's.
void stop_searching(worker&) noexcept;

/// Starts a worker that is counted in `total` and `searching`; takes that back when it throws.
void start_worker(pool_state&);

/// When no task can be refused any more, those that wait must not stand behind workers that never come back.
struct extra_workers {
  std::size_t able = 0;     ///< workers that do come back
  std::size_t missing = 0;  ///< to be started, and counted already
};
[[nodiscard]] extra_workers plan_workers_locked(pool_state&) noexcept;
/// If no worker at all is available, the tasks are run on the calling thread.
void start_workers(pool_state&, extra_workers);

/// Will this worker never come back to the pool, or not before the end of the program?
bool is_lost_locked(const worker&) noexcept;
/// Has nobody anything to do?
bool is_idle_locked(const pool_state&) noexcept;

/// For every task of the list: it is not run.
void drop_all(task_list&) noexcept;
/// Runs it; what it throws goes to the exception hook, all but a forced unwind.
void run_task(task*);
/// Those of `next_tasks` come back to the list.
void gather_locked(pool_state&) noexcept;

/// While the calling worker runs what the end of the program does not wait for, it is a daemon.
void become_daemon(worker&) noexcept;
/// In phase frozen it does not come back.
void become_regular(worker&) noexcept;

/// Does a half that somebody offers; false when there is none.
half* find_half(pool_state&, cut kind, root whose) noexcept;
void do_half(half*);
void do_half_as(worker&, half*, cut kind);
bool somebody_offers(const pool_state&) noexcept;
/// A half was offered, or one was found: perhaps there are more.
void wake_for_halves(pool_state&) noexcept;

/// No tasks are taken any more; those that wait are run unless they are cancelled. Does not wait for them.
void close_pool(pool_state&, bool cancel_pending, bool by_destructor = false);

/// What a host does with pools when it goes on (exit/host_parts.hpp).
struct pools_of_host {
  static void restart();
  static void end_library(const void* library);
  static bool work_for(const void* library);
  static bool run_here_for(const void* library);
};

/// Makes the exit and forks known to the pools. Cheap when done.
void prepare_for_the_end() noexcept;

}  // namespace curfew::inline v1::detail
