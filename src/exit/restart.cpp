// SPDX-License-Identifier: Apache-2.0
#include <curfew/restart.hpp>

#include "exit/hooks.hpp"
#include "exit/host_parts.hpp"
#include "exit/metrics.hpp"
#include "exit/protocol.hpp"
#include "exit/request.hpp"
#include "exit/state.hpp"
#include "os/small_text.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"
#include "report/thread_text.hpp"

#include <unistd.h>

#include <string>
#include <system_error>

namespace curfew::inline v1 {
namespace detail {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw std::system_error(std::make_error_code(std::errc::operation_not_permitted), "curfew: restart: " + why);
}

/// Only one thread at a time goes through the exit, or back.
class turn {
 public:
  turn() : self_(::gettid()) {
    pid_t nobody = 0;
    if (exit_now.runner.compare_exchange_strong(nobody, self_)) return;
    throw exit_in_progress(nobody == self_ ? "curfew: restart() was called inside the exit"
                                           : "curfew: another thread is running the exit");
  }
  ~turn() {
    exit_now.runner.store(0);
    note_change();
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

 private:
  pid_t self_;
};

/// A thread of the earlier life that goes on, though finish() was to end it.
bool runs_on(const record& r, const record& caller) noexcept {
  return (r.kind == thread_kind::regular || r.daemon()) && &r != &caller && !r.called_finish.load() &&
         !r.is_frozen_for_good();
}

void require_nobody_left(const record& caller) {
  const auto left = records_where(listed::live, [&](const record& r) { return runs_on(r, caller); });
  if (left.empty()) return;
  report_text who;
  append_thread(who, describe(*left.front()));
  refuse("a thread of this life still runs: " + std::string(who.view()));
}

/// The stop state that the main thread has been asked by is made anew when it next looks.
void forget_threads() noexcept {
  std::stop_source of_main(std::nostopstate);
  const lock_registry lock;
  for (record* r = first_locked(listed::live); r != nullptr;) {
    record* const following = r->next;
    r->called_finish.store(false);
    r->waits_for_lock_of_exit.store(false);
    if (r->kind == thread_kind::main)
      r->stop.swap(of_main);
    else if (r->is_frozen_for_good())
      forget_frozen_locked(*r);
    r = following;
  }
  // Frozen on the last steps of their way out.
  for (const listed list : {listed::ended, listed::unreaped})
    for (record* r = first_locked(list); r != nullptr;) {
      record* const following = r->next;
      if (r->is_frozen_for_good()) remove_locked(*r);
      r = following;
    }
}

}  // namespace
}  // namespace detail

void restart() {
  using namespace detail;
  initialise();
  const record& caller = own_record();
  const turn mine;
  if (!exit_now.steps_done.load()) refuse("finish() has not been called");
  require_nobody_left(caller);
  for (const listed list : {listed::ended, listed::unreaped})
    for (auto& r : records_where(list, [](const record& x) { return x.is_frozen_for_good(); })) try_reap(*r);
  forget_threads();
  forget_requests_for_restart();
  forget_reports_after_fork();
  forget_exit_parts_after_fork();
  exit_now.status.store(-1);
  exit_now.only_tasks_left.store(false);
  exit_now.by_guard.store(false);
  exit_now.began.store(steady_time{});
  exit_now.deadline.store(os::forever);
  daemons_never_end.store(false);
  exit_now.steps_done.store(false);
  reopen_hooks();
  // Whoever makes a pool from here on finds the new phase; the older pools are told.
  exit_now.now.store(phase::running);
  restart_host_parts();
}

}  // namespace curfew::inline v1
