// SPDX-License-Identifier: Apache-2.0
#include "sync/timer_service.hpp"

#include "exit/drain.hpp"
#include "exit/host_parts.hpp"
#include "exit/state.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"

#include <curfew/thread.hpp>

#include <pthread.h>

#include <atomic>
#include <exception>
#include <utility>
#include <vector>

namespace curfew::inline v1::detail {

constinit counted_mutex timers_mutex;

namespace {

/// Kept for ever, and made without a guard that a frozen thread could hold.
constinit std::atomic<std::shared_ptr<timer_service>*> shared_services[2] = {};

/// A daemon timer's function is not asked to stop with the thread that calls it, which only the service listens for.
class call_without_token {
 public:
  call_without_token() noexcept : self_(own_record()) { self_.runs_code_without_token.store(true); }
  ~call_without_token() {
    self_.runs_code_without_token.store(false);
    if (self_.daemon() && exit_now.now.load() >= phase::stopping) self_.stop.request_stop();
  }
  call_without_token(const call_without_token&) = delete;
  call_without_token& operator=(const call_without_token&) = delete;

 private:
  record& self_;
};

void call(const std::function<void()>& function) {
  const call_without_token while_it_runs;
  call_as_thread_does([&] { function(); },
                      [](const std::exception_ptr& exception) { tell_hook(own_record(), exception); });
}

constinit const host_part in_host{&timer_service::restart_all, &timer_service::end_library, &timer_service::work_for,
                                  &timer_service::run_here_for};

/// The next multiple of the interval that is still to come.
steady_time next_due(steady_time last, std::chrono::nanoseconds interval) noexcept {
  const auto now = kernel_now();
  const auto next = last + interval;
  return next > now ? next : next + (now - next) / interval * interval + interval;
}

}  // namespace

timer_service::timer_service(const timer_options& options, bool daemon, bool of_its_own)
    : name_(of_its_own ? std::string(options.name)
            : daemon   ? "daemon timers"
                       : "timers"),
      created_at_(options.created_at),
      daemon_(daemon),
      of_its_own_(of_its_own) {
  initialise();  // first: a fork takes our lock before those of what lies below
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  ::pthread_once(&once, &register_fork_and_exit_handlers);
  const timers_lock lock(timers_mutex);
  next_ = all_services;
  if (next_ != nullptr) next_->previous_ = this;
  all_services = this;
}

timer_service::~timer_service() {
  const timers_lock lock(timers_mutex);
  (previous_ != nullptr ? previous_->next_ : all_services) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
}

std::shared_ptr<timer_service> timer_service::shared(bool daemon) {
  auto& slot = shared_services[daemon ? 1 : 0];
  if (slot.load() == nullptr) {
    auto made = std::make_unique<std::shared_ptr<timer_service>>(new timer_service({}, daemon, false));
    std::shared_ptr<timer_service>* none = nullptr;
    if (slot.compare_exchange_strong(none, made.get())) static_cast<void>(made.release());
  }
  return *slot.load();
}

std::shared_ptr<timer_service> timer_service::of_its_own(const timer_options& options, bool daemon) {
  return std::shared_ptr<timer_service>(new timer_service(options, daemon, true));
}

void timer_service::start_thread(timers_lock& lock) {
  const std::stop_token never;
  for (;;) {
    (void)changed_.wait(lock, never, [&] { return !starting_; });
    if (running_) return;
    running_ = starting_ = true;
    const unsigned turn = ++turn_;
    lock.unlock();
    std::exception_ptr failed;
    try {
      const curfew::thread made(
          {.name = name_, .daemon = daemon_, .created_at = created_at_},
          [self = shared_from_this(), turn](const std::stop_token& stop) { self->run(stop, turn); });
    } catch (...) {
      failed = std::current_exception();
    }
    lock.lock();
    starting_ = false;
    if (failed) running_ = false;
    changed_.notify_all();
    if (failed) std::rethrow_exception(failed);
  }
}

void timer_service::add(const std::shared_ptr<timer_entry>& entry) {
  timers_lock lock(timers_mutex);
  pending_.emplace(entry->due, entry);
  entry->pending = true;
  try {
    start_thread(lock);
  } catch (...) {
    const auto taken = take_out_locked(*entry);
    throw;
  }
  changed_.notify_all();
}

timer_service::queue::node_type timer_service::take_out_locked(timer_entry& entry) noexcept {
  if (!entry.pending) return {};
  entry.pending = false;
  auto at = pending_.lower_bound(entry.due);
  while (at->second.get() != &entry) ++at;
  return pending_.extract(at);
}

bool timer_service::cancel(timer_entry& entry) noexcept {
  std::function<void()> function;  // destroyed without the lock: it is the user's
  queue::node_type taken;
  {
    const timers_lock lock(timers_mutex);
    if (entry.cancelled) return false;
    taken = take_out_locked(entry);
    const bool called_again = entry.called_on != std::thread::id() && entry.periodic;
    if (taken.empty() && !called_again) return false;
    entry.cancelled = true;
    if (taken.empty()) return true;
    function.swap(entry.function);
    if (pending_.empty()) changed_.notify_all();  // a thread of its own may end
  }
  entry.over.set();
  return true;
}

/// They are not called any more.
void timer_service::drop(timers_lock& lock, bool periodic_only) {
  queue dropped;
  for (auto at = pending_.begin(); at != pending_.end();) {
    const auto following = std::next(at);
    if (at->second->periodic || !periodic_only) {
      at->second->pending = false;
      at->second->cancelled = true;
      dropped.insert(pending_.extract(at));
    }
    at = following;
  }
  if (dropped.empty()) return;
  lock.unlock();
  for (const auto& [due, entry] : dropped) {
    std::function<void()>().swap(entry->function);
    entry->over.set();
  }
  dropped.clear();
  lock.lock();
}

void timer_service::call_first(timers_lock& lock, const std::stop_token& stop, unsigned turn) {
  auto node = pending_.extract(pending_.begin());
  timer_entry& entry = *node.mapped();
  entry.pending = false;
  entry.called_on = std::this_thread::get_id();
  called_ = &entry;
  lock.unlock();
  // Also when the function ends the thread by pthread_exit.
  struct end {
    timer_service& service;
    timers_lock& lock;
    queue::node_type& node;
    const std::stop_token& stop;
    unsigned turn;
    ~end() { service.end_call(lock, std::move(node), stop, turn); }
  } const at_the_end{*this, lock, node, stop, turn};
  call(entry.function);
}

void timer_service::end_call(timers_lock& lock, queue::node_type node, const std::stop_token& stop,
                             unsigned turn) noexcept {
  const std::shared_ptr<timer_entry> entry = node.mapped();
  lock.lock();
  entry->called_on = {};
  if (turn == turn_) {
    if (entry->periodic && !entry->cancelled && !stop.stop_requested()) {
      entry->due = next_due(entry->due, entry->interval);
      node.key() = entry->due;
      entry->pending = true;
      pending_.insert(std::move(node));
      called_ = nullptr;
      return;
    }
  }
  std::function<void()> function;
  function.swap(entry->function);
  lock.unlock();
  function = nullptr;
  entry->over.set();
  lock.lock();
  if (turn == turn_) called_ = nullptr;
}

void timer_service::run(const std::stop_token& stop, unsigned turn) {
  timers_lock lock(timers_mutex);
  if (turn != turn_) return;
  runner_ = &own_record();
  struct end {
    timer_service& service;
    timers_lock& lock;
    unsigned turn;
    ~end() {
      if (turn == service.turn_) service.end_run(lock);
    }
  } const at_the_end{*this, lock, turn};
  const std::stop_token never;
  while (turn == turn_) {
    const bool asked = stop.stop_requested();
    if (asked) drop(lock, !daemon_);
    if (pending_.empty()) {
      if (asked || of_its_own_) return;
      (void)changed_.wait(lock, stop);
      continue;
    }
    // Asked to stop it still has to call those that are called once.
    const steady_time due = pending_.begin()->first;
    if (due > kernel_now())
      (void)changed_.wait_until(lock, asked ? never : stop, due);
    else
      call_first(lock, stop, turn);
  }
}

/// What is left is for another thread: a function has ended this one.
void timer_service::end_run(timers_lock& lock) noexcept {
  running_ = false;
  runner_ = nullptr;
  if (pending_.empty()) return;
  try {
    start_thread(lock);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the next timer, or the end of the program, tries again
  }
}

bool timer_service::is_called_here_locked() const noexcept {
  return runner_ != nullptr && runner_ == own_record_if_known();
}

/// A function has called exit, or waits for the thread that did and so for ever.
bool timer_service::has_lost_its_thread_locked() const noexcept {
  if (runner_ == nullptr) return false;
  const record* const self = own_record_if_known();
  if (daemon_) return runner_ == self || runner_->in_exit.load();
  const lock_registry registry;
  return !is_waited_for_locked(*runner_, self);
}

void timer_service::progress() {
  timers_lock lock(timers_mutex);
  if (has_lost_its_thread_locked()) {
    // Who waits for the function's end would wait for ever, and the exit for who waits.
    if (called_ != nullptr && exit_now.in_exit_call.load()) called_->over.set();
    running_ = false;
    runner_ = nullptr;
    called_ = nullptr;
    ++turn_;
  }
  if (!lacks_a_thread_locked()) return;
  try {
    start_thread(lock);
  } catch (...) {
    // If no thread is available, the thread that waits does what would be lost.
    std::stop_source asked;
    asked.request_stop();
    running_ = true;
    const unsigned turn = ++turn_;
    lock.unlock();
    run(asked.get_token(), turn);
  }
}

void timer_service::progress_all() {
  std::vector<std::shared_ptr<timer_service>> all;  // given up without the lock
  {
    const timers_lock lock(timers_mutex);
    for (timer_service* s = all_services; s != nullptr; s = s->next_)
      if (s->has_lost_its_thread_locked() || s->lacks_a_thread_locked())
        if (auto kept = s->weak_from_this().lock()) all.push_back(std::move(kept));
  }
  for (const auto& s : all) s->progress();
}

void timer_service::register_fork_and_exit_handlers() {
  of_the_parent = new queue;
  set_progress_hook(progress_hook::timers, &progress_all);
  set_host_part(host_part_of::timers, in_host);
  ::pthread_atfork([] { timers_mutex.lock(); }, [] { timers_mutex.unlock(); }, &start_anew_in_child);
}

/// The child has none of the threads: its timers are over, as threads are that it does not have.
void timer_service::start_anew_in_child() noexcept {
  for (timer_service* s = all_services; s != nullptr; s = s->next_) {
    s->running_ = s->starting_ = false;
    s->runner_ = nullptr;
    s->called_ = nullptr;
    ++s->turn_;
    for (const auto& [due, entry] : s->pending_) {
      entry->pending = false;
      entry->cancelled = true;
      entry->over.set();
    }
    of_the_parent->merge(s->pending_);
  }
  timers_mutex.unlock();
}

}  // namespace curfew::inline v1::detail
