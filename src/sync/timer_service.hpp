// SPDX-License-Identifier: Apache-2.0
// The threads that call timers' functions, and what they have still to call.
#pragma once

#include <curfew/detail/counted_mutex.hpp>
#include <curfew/sync/condition.hpp>
#include <curfew/sync/event.hpp>
#include <curfew/sync/timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace curfew::inline v1::detail {

class timer_service;
struct record;

/// One timer, shared by its handle and its service.
struct timer_entry {
  std::shared_ptr<timer_service> service;
  std::chrono::nanoseconds interval{0};
  bool periodic = false;
  const char* made_in = nullptr;  ///< a text that lies in the library of its maker; null where that is not known
  event over;
  // Under the timers' lock.
  std::function<void()> function;
  steady_time due{};
  bool pending = false;
  bool cancelled = false;
  std::thread::id called_on{};  ///< while it is being called
};

/// One lock for all timers of the process. Never held while code of the user's runs.
extern constinit counted_mutex timers_mutex;
using timers_lock = std::unique_lock<counted_mutex>;

/// One thread that calls timers, and their order.
class timer_service : public std::enable_shared_from_this<timer_service> {
 public:
  /// The one that serves all regular timers, or all daemon ones.
  static std::shared_ptr<timer_service> shared(bool daemon);
  static std::shared_ptr<timer_service> of_its_own(const timer_options&, bool daemon);
  ~timer_service();
  timer_service(const timer_service&) = delete;
  timer_service& operator=(const timer_service&) = delete;

  /// Starts the thread if there is none. Throws what that throws; the entry is then not pending.
  void add(const std::shared_ptr<timer_entry>&);
  /// True when the entry is not called (again).
  bool cancel(timer_entry&) noexcept;
  /// The calling thread is the one that is to call what is left.
  [[nodiscard]] bool is_called_here_locked() const noexcept;

  // What a host does with timers when it goes on (exit/host_parts.hpp).
  static void restart_all();
  static void end_library(const void* library);
  static bool work_for(const void* library);
  static bool run_here_for(const void* library);

 private:
  void restart() noexcept;
  static std::vector<std::shared_ptr<timer_service>> all();
  using queue = std::multimap<steady_time, std::shared_ptr<timer_entry>>;

  timer_service(const timer_options&, bool daemon, bool of_its_own);
  void run(const std::stop_token&, unsigned turn);
  void end_run(timers_lock&) noexcept;
  void call_first(timers_lock&, const std::stop_token&, unsigned turn);
  void end_call(timers_lock&, queue::node_type, const std::stop_token&, unsigned turn) noexcept;
  void drop(timers_lock&, bool periodic_only);
  queue::node_type take_out_locked(timer_entry&) noexcept;
  void start_thread(timers_lock&);
  void progress();
  bool has_lost_its_thread_locked() const noexcept;
  /// For what the end waits for.
  bool lacks_a_thread_locked() const noexcept { return !daemon_ && !running_ && !pending_.empty(); }
  static void progress_all();
  static void register_fork_and_exit_handlers();
  static void start_anew_in_child() noexcept;

  /// In the child of a fork, for ever: the functions' destructors are the user's, and must not run inside of fork().
  static inline constinit queue* of_the_parent = nullptr;

  static inline constinit timer_service* all_services = nullptr;  ///< under the timers' lock

  queue pending_;
  condition changed_;
  bool running_ = false;  ///< there is a thread, or one is being started
  bool starting_ = false;
  unsigned turn_ = 0;               ///< a thread whose turn is over leaves: the child of a fork, or another, goes on
  const record* runner_ = nullptr;  ///< of the thread whose turn it is, once it runs
  timer_entry* called_ = nullptr;   ///< by it, at the moment
  std::string name_;
  source created_at_;
  const bool daemon_;
  const bool of_its_own_;
  timer_service* next_ = nullptr;  ///< all there are, for forks
  timer_service* previous_ = nullptr;
};

}  // namespace curfew::inline v1::detail
