// SPDX-License-Identifier: Apache-2.0
#include "sync/timer_service.hpp"

#include "registry/registry.hpp"
#include "thread/exceptions.hpp"

#include <curfew/thread.hpp>

#include <pthread.h>

#include <atomic>
#include <exception>
#include <utility>

namespace curfew::inline v1::detail {

constinit counted_mutex timers_mutex;

namespace {

/// Kept for ever, and made without a guard that a frozen thread could hold.
constinit std::atomic<std::shared_ptr<timer_service>*> shared_services[2] = {};

// Under the timers' lock.
constinit timer_service* all_services = nullptr;
constinit unsigned forks = 0;  ///< a thread that forks in a timer's function sees by this that it is in the child

void call(const std::function<void()>& function) {
  call_as_thread_does([&] { function(); },
                      [](const std::exception_ptr& exception) { tell_hook(own_record(), exception); });
}

/// The next multiple of the interval that is still to come.
steady_time next_due(steady_time last, std::chrono::nanoseconds interval) noexcept {
  const auto now = std::chrono::steady_clock::now();
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
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  ::pthread_once(&once, &see_to_forks);
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
    changed_.wait(lock, never, [&] { return !starting_; });
    if (running_) return;
    running_ = starting_ = true;
    lock.unlock();
    std::exception_ptr failed;
    try {
      const curfew::thread made({.name = name_, .daemon = daemon_, .created_at = created_at_},
                                [self = shared_from_this()](const std::stop_token& stop) { self->run(stop); });
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

void timer_service::call_first(timers_lock& lock, const std::stop_token& stop) {
  auto node = pending_.extract(pending_.begin());
  const std::shared_ptr<timer_entry> entry = node.mapped();
  entry->pending = false;
  entry->called_on = std::this_thread::get_id();
  const unsigned in_process = forks;
  lock.unlock();
  call(entry->function);
  lock.lock();
  entry->called_on = {};
  if (in_process == forks && entry->periodic && !entry->cancelled && !stop.stop_requested()) {
    entry->due = next_due(entry->due, entry->interval);
    node.key() = entry->due;
    entry->pending = true;
    pending_.insert(std::move(node));
    return;
  }
  std::function<void()> function;
  function.swap(entry->function);
  lock.unlock();
  function = nullptr;
  entry->over.set();
  lock.lock();
}

void timer_service::run(const std::stop_token& stop) {
  timers_lock lock(timers_mutex);
  // Also when a function ends the thread by pthread_exit.
  struct end {
    timer_service& service;
    timers_lock& lock;
    ~end() {
      if (!lock.owns_lock()) lock.lock();
      service.running_ = false;
    }
  } const at_the_end{*this, lock};
  const unsigned in_process = forks;
  const std::stop_token never;
  while (in_process == forks) {
    const bool asked = stop.stop_requested();
    if (asked) drop(lock, !daemon_);
    if (pending_.empty()) {
      if (asked || of_its_own_) return;
      changed_.wait(lock, stop);
      continue;
    }
    // Asked to stop it still has to call those that are called once.
    const steady_time due = pending_.begin()->first;
    if (due > std::chrono::steady_clock::now())
      changed_.wait_until(lock, asked ? never : stop, due);
    else
      call_first(lock, stop);
  }
}

void timer_service::see_to_forks() {
  ::pthread_atfork([] { timers_mutex.lock(); }, [] { timers_mutex.unlock(); }, &start_anew_in_child);
}

/// The child has none of the threads: its timers are over, as threads are that it does not have.
void timer_service::start_anew_in_child() noexcept {
  ++forks;
  for (timer_service* s = all_services; s != nullptr; s = s->next_) {
    s->running_ = s->starting_ = false;
    for (const auto& [due, entry] : s->pending_) {
      entry->pending = false;
      entry->cancelled = true;
      entry->over.set();
    }
    s->pending_.clear();
  }
  timers_mutex.unlock();
}

}  // namespace curfew::inline v1::detail
