// SPDX-License-Identifier: Apache-2.0
#include "exit/protocol.hpp"

#include "exit/drain.hpp"
#include "exit/freeze_daemons.hpp"
#include "exit/hooks.hpp"
#include "exit/last_resort.hpp"
#include "exit/metrics.hpp"
#include "exit/options.hpp"
#include "exit/policy.hpp"
#include "exit/request.hpp"
#include "exit/state.hpp"
#include "exit/timeline.hpp"
#include "exit/watch.hpp"
#include "os/clock.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"
#include "registry/layout.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"
#include "report/exit_text.hpp"

#include <unistd.h>

#include <algorithm>

extern "C" const curfew::layout::registry<const void*> curfew_layout_1;

namespace curfew::inline v1 {
namespace detail {
namespace {

/// Makes the linker take it out of the archive (exit/layout.cpp): nobody else refers to it.
[[gnu::used]] const void* const layout_for_dump = &curfew_layout_1;

/// Never destroyed: static destructors may ask.
struct reports {
  exit_report first;
  exit_report later;  ///< of the exit behind finish() or an exit_guard
  bool is_later = false;
};
reports& all_reports() noexcept {
  static auto* const made = new reports;
  return *made;
}

bool is_empty(const exit_report& r) noexcept {
  return r.waited_for.empty() && r.not_waited_for.empty() && r.frozen.empty() && r.not_frozen.empty() &&
         r.shields_cut == 0 && !r.deadline_passed;
}

void move_on_to(phase next) noexcept {
  if (exit_now.now.load() < next) exit_now.now.store(next);
  note_change();
}

/// For those who measure it, and those who look at it.
void enter_part(exit_part part, std::string_view name) noexcept {
  note_exit_part(part);
  begin_timeline_part(name);
}

/// The wait was broken off. A process ends here; a host is told.
void deadline_passed(const exit_options& options, purpose why, exit_report& report) {
  report.deadline_passed = true;
  if (why == purpose::host_goes_on) return;
  write_exit_report(report, options.report);
  end_at_deadline(options);
}

}  // namespace

exit_report& report_of_exit() noexcept {
  reports& all = all_reports();
  return all.is_later ? all.later : all.first;
}

void forget_reports_after_fork() { all_reports() = {}; }

void start_time_of_exit(const exit_options& options, purpose why) {
  if (exit_now.began.load() != steady_time{}) return;  // a hook has called exit: the time runs on
  const auto began = os::now_steady();
  exit_now.began.store(began);
  tell_who_waits_for_exit();
  if (!options.deadline) return;
  exit_now.deadline.store(os::later(began, *options.deadline));
  // Hooks and stop callbacks are the user's code and may hang: with a deadline somebody watches from here on.
  if (why != purpose::host_goes_on) start_watch();
}

void run_steps(purpose why) {
  const exit_options options = options_now();
  const bool again = exit_now.steps_done.load();
  reports& all = all_reports();
  all.is_later = again;
  exit_report& report = again ? all.later : all.first;
  // The host was told that they still run.
  const bool drained_already = again && all.first.deadline_passed;
  start_time_of_exit(options, why);
  const steady_time deadline = exit_now.deadline.load();

  begin_timeline(options, exit_now.began.load());
  enter_part(exit_part::hooks, "hooks before the wait");
  if (policy.run_hooks != nullptr) policy.run_hooks(hook_turn::before_wait);

  enter_part(exit_part::draining, "waiting for regular threads");
  move_on_to(phase::draining);
  ask_to_stop(whom::regular);
  if (!drained_already && !wait_for_regular(options, exit_now.began.load(), deadline, report))
    deadline_passed(options, why, report);
  if (options.foreign == foreign_threads::wait) {
    if (!wait_for_detached(options, exit_now.began.load(), deadline, report)) deadline_passed(options, why, report);
  } else if (policy.preloaded && options.daemon_grace > std::chrono::milliseconds(0)) {
    wait_for_detached(options, exit_now.began.load(),
                      std::min(deadline, os::later(exit_now.began.load(), options.daemon_grace)), report);
  }

  enter_part(exit_part::stopping, "waiting for shields and grace periods");
  move_on_to(phase::stopping);
  ask_to_stop(whom::daemons);
  wait_for_shields_and_grace(options, deadline, report);

  begin_timeline_part("hooks after the wait");
  if (policy.run_hooks != nullptr) policy.run_hooks(hook_turn::after_wait);

  // A hook, or a daemon, may have started regular threads since: they are waited for too.
  for (run_progress_hooks(); !enter_phase_frozen(report.deadline_passed || drained_already); run_progress_hooks())
    if (!wait_for_regular(options, exit_now.began.load(), deadline, report)) deadline_passed(options, why, report);
  if (options.foreign == foreign_threads::wait) {
    if (!wait_for_detached(options, exit_now.began.load(), deadline, report)) deadline_passed(options, why, report);
  } else if (policy.preloaded && options.daemon_grace > std::chrono::milliseconds(0)) {
    wait_for_detached(options, exit_now.began.load(),
                      std::min(deadline, os::later(exit_now.began.load(), options.daemon_grace)), report);
  }

  const bool main_too = why == purpose::process_ends && !os::is_first_task();
  reap_unreaped();
  let_daemons_leave();
  enter_part(exit_part::freezing, "freezing daemons");
  {
    os::blocked_signals signals;
    freeze_daemons(options, why, main_too, report, signals);
    exit_now.steps_done.store(true);
  }
  for (const thread_info& one : report.frozen) timeline_is_frozen(one);
  note_exit_part(exit_part::done);
  if (why == purpose::process_ends)
    begin_timeline_part("static destructors and exit handlers");
  else
    end_timeline_part();
  if (exit_now.nothing_to_report.load()) return;
  if (!again || !is_empty(report)) write_exit_report(report, options.report);
  if (policy.steps_are_done != nullptr) policy.steps_are_done(report);
}

}  // namespace detail

exit_report finish() {
  using namespace detail;
  initialise();
  record& caller = own_record();
  caller.pthread.store(::pthread_self(), std::memory_order_relaxed);
  caller.called_finish.store(true);
  const pid_t self = ::gettid();
  pid_t nobody = 0;
  if (exit_now.runner.compare_exchange_strong(nobody, self)) {
    struct not_cancelled {
      const int before = os::forbid_cancelling();
      ~not_cancelled() noexcept(false) { os::let_be_cancelled(before); }
    } const amid_the_steps;
    struct give_way {  // also when there was no memory for a step
      ~give_way() {
        // The exit, when it comes, has its own time.
        exit_now.began.store(steady_time{});
        exit_now.deadline.store(os::forever);
        exit_now.runner.store(0);
        note_change();
      }
    } const after;
    if (!exit_now.steps_done.load()) run_steps(purpose::host_goes_on);
    return all_reports().first;
  }
  if (exit_now.steps_done.load()) return all_reports().first;
  throw exit_in_progress(nobody == self ? "curfew: finish() was called inside the exit"
                                        : "curfew: another thread is running the exit");
}

phase exit_phase() noexcept { return detail::exit_now.now.load(); }

const char* to_string(phase p) noexcept {
  switch (p) {
    case phase::running:
      return "running";
    case phase::draining:
      return "draining";
    case phase::stopping:
      return "stopping";
    case phase::frozen:
      return "frozen";
  }
  return "?";
}

void join_main_thread() {
  using namespace detail;
  initialise();
  if (own_record().kind == thread_kind::main || exit_now.runner.load() == ::gettid())
    throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur),
                            "curfew: the main thread cannot wait for itself");
  watch_changes();
  const waiting inside;
  for (;;) {
    const std::uint32_t seen = changes().load();
    if (exit_now.now.load() >= phase::draining) return;
    os::futex_wait(changes(), seen);
  }
}

}  // namespace curfew::inline v1
