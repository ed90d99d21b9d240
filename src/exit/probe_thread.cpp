// SPDX-License-Identifier: Apache-2.0
#include "exit/probe_thread.hpp"

#include "os/clock.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"

#include <unistd.h>

#include <new>
#include <string_view>

namespace curfew::inline v1::detail {
namespace {

constexpr int most_helpers = 64;
constinit std::atomic<pid_t> helper_ids[most_helpers] = {};
constinit std::atomic<int> helper_count{0};
constinit std::atomic<int> helpers{0};
constinit std::atomic<int> begun{0};

bool make_counted(void* (*run)(void*), void* argument) noexcept {
  helpers.fetch_add(1);
  const bool good = os::make_helper(run, argument);
  if (!good) helpers.fetch_sub(1);
  return good;
}

/// `name`: as debuggers and `top` show it, at most 15 bytes.
void begin(std::string_view name) noexcept {
  register_helper();
  begun.fetch_add(1);
  os::name_own_task(name.data(), name.size());
}

}  // namespace

void register_helper() noexcept {
  const int at = helper_count.fetch_add(1);
  if (at < most_helpers) helper_ids[at].store(::gettid());
}

probe_thread* probe_thread::make() noexcept {
  auto* const made = new (std::nothrow) probe_thread;
  if (made == nullptr) return nullptr;
  if (!make_counted(&loop, made)) {
    delete made;
    return nullptr;
  }
  return made;
}

void* probe_thread::loop(void* argument) {
  begin("curfew-probe");
  auto& self = *static_cast<probe_thread*>(argument);
  self.id_.store(::gettid());
  for (std::uint32_t done = 0;;) {
    self.next_job(done)();
    self.done_.store(++done);
    os::futex_wake(self.done_);
  }
}

void (*probe_thread::next_job(std::uint32_t done) noexcept)() {
  for (;;) {
    const std::uint32_t seen = news_.load();
    if (posted_.load() != done) return job_.load();
    steady_time later = later_at_.load();
    if (later == os::forever || os::now_steady() < later) {
      os::futex_wait(news_, seen, later, os::mark_of_own);
      continue;
    }
    // It gives itself the job, or does first what somebody else gives it at this moment.
    std::uint32_t idle = done;
    if (!posted_.compare_exchange_strong(idle, done + 1)) continue;
    later_at_.compare_exchange_strong(later, os::forever);  // unless there is a new time already
    return later_job_.load();
  }
}

bool probe_thread::run(void (*job)(), steady_time deadline) noexcept {
  std::uint32_t idle = done_.load();
  if (posted_.load() != idle) return false;
  job_.store(job);
  if (!posted_.compare_exchange_strong(idle, idle + 1)) return false;
  news_.fetch_add(1);
  os::futex_wake(news_);
  return wait_idle(deadline);
}

void probe_thread::run_later(void (*job)(), steady_time at) noexcept {
  later_job_.store(job);
  later_at_.store(at);
  news_.fetch_add(1);
  os::futex_wake(news_);
}

bool probe_thread::wait_idle(steady_time deadline) const noexcept {
  for (;;) {
    const std::uint32_t seen = done_.load();
    if (seen == posted_.load()) return true;
    if (!os::futex_wait(done_, seen, deadline)) return !busy();
  }
}

bool make_exit_helper(const exit_helper& what) noexcept {
  return make_counted(
      [](void* argument) -> void* {
        const auto& self = *static_cast<const exit_helper*>(argument);
        begin(self.name);
        self.run();
        return nullptr;
      },
      const_cast<exit_helper*>(&what));
}

bool is_helper(pid_t tid) noexcept {
  for (const auto& id : helper_ids)
    if (id.load() == tid) return true;
  return false;
}

int helpers_made() noexcept { return helpers.load(); }

bool helpers_have_begun(steady_time deadline) noexcept {
  while (begun.load() != helpers.load()) {
    if (os::now_steady() >= deadline) return false;
    os::pause_for(std::chrono::microseconds(50));
  }
  return true;
}

void forget_helpers_after_fork() noexcept {
  helpers.store(0);
  begun.store(0);
  for (auto& id : helper_ids) id.store(0);
  helper_count.store(0);
}

}  // namespace curfew::inline v1::detail
