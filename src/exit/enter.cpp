// SPDX-License-Identifier: Apache-2.0
// The ways into the exit:
//   - any thread calls exit: the program's `exit` is ours (below), which goes on to the C library's;
//   - main returns: main's thread_local objects are destroyed before any static ([basic.start.term]); one of them is
//     ours. Whoever stands between main and the C library (start.cpp) has that done before the C library's exit is
//     entered, which may hold a lock meanwhile; where nobody does, the C library does it;
//   - main ends by pthread_exit;
//   - the C library itself calls exit (err(), the last thread's end): an atexit handler, the second line.
#include "exit/crash.hpp"
#include "exit/dump.hpp"
#include "exit/foreign.hpp"
#include "exit/hooks.hpp"
#include "exit/last_resort.hpp"
#include "exit/metrics.hpp"
#include "exit/options.hpp"
#include "exit/orphaned_lock.hpp"
#include "exit/policy.hpp"
#include "exit/probe_thread.hpp"
#include "exit/program_exit.hpp"
#include "exit/protocol.hpp"
#include "exit/request.hpp"
#include "exit/return_from_main.hpp"
#include "exit/second_exit.hpp"
#include "exit/shields.hpp"
#include "exit/state.hpp"
#include "exit/stream_holder.hpp"
#include "exit/thread_left.hpp"
#include "exit/watch.hpp"
#include "exit/write_out.hpp"
#include "os/c_library.hpp"
#include "os/clock.hpp"
#include "os/end_timer.hpp"
#include "os/exit_calls.hpp"
#include "os/freeze.hpp"
#include "os/pthreads.hpp"
#include "os/signal_stacks.hpp"
#include "os/small_text.hpp"
#include "os/tasks.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <exception>
#include <new>

namespace curfew::inline v1::detail {

constinit exit_state exit_now;

namespace {

constinit bool exit_is_ours = true;

/// Without static destructors: the options say so, or there is a daemon that could not be frozen.
[[noreturn]] void end_at_once(int status) noexcept {
  if (exit_now.frozen.load() == 0) write_out_stdout();
  os::small_text<1024> line;
  const exit_report& report = report_of_exit();
  if (!report.not_frozen.empty()) {
    line << "curfew: the exit is ended here, with status " << status << ": ";
    if (report.freeze_rounds == 0)
      line << "curfew's own threads could not be made, and nobody can be frozen without them";
    else
      (line << "the thread ").quoted(report.not_frozen.front().name)
          << " (#" << report.not_frozen.front().number << ") cannot be frozen";
  }
  end_process(status, {.why = line.view(), .skipped = "destructors are skipped"});
}

/// The status of a return from main is told to us here, as the first exit handler: the first moment at which a process
/// that must not run its static destructors can be ended with its own status.
void status_is_known(int status) {
  // The C library has called its own exit, and this handler is the first that it meets.
  if (exit_now.runner.load() != ::gettid()) enter_exit(std::nullopt, exit_entry::inside_c_library);
  note_handlers_begin();
  const int first = exit_now.status.load();
  if (first < 0) {
    exit_now.status.store(status & 0xff);
    watch_destructors();  // their time begins here
  }
  if (exit_now.end_at_once.exchange(false)) end_at_once(first < 0 ? status & 0xff : first);
  // Main is inside in place of the thread that was first: the rest is done with that one's status.
  if (first >= 0 && first != (status & 0xff)) os::c_library_exit(first);
}

void second_line() { enter_exit(std::nullopt, exit_entry::inside_c_library); }

/// Does this exit go its way without us? Of a program that did not ask: when somebody else runs its exit, and when
/// to look after it could kill it and there is nobody to be frozen: its own end may hang or crash, though.
bool is_released() noexcept {
  if (!policy.preloaded) return false;
  if (!exit_is_ours) return true;
  switch (policy.get_seccomp_state != nullptr ? policy.get_seccomp_state() : seccomp_state::no) {
    case seccomp_state::no:
      return false;
    case seccomp_state::by_itself: {
      static constinit std::atomic<bool> left_alone{false};  // a second exit is then no more ours than the first
      if (!somebody_is_to_be_frozen()) left_alone.store(true);
      return left_alone.load();
    }
    case seccomp_state::perhaps:
      return !had_other_threads();
  }
  return false;
}

struct main_sentinel {
  main_sentinel() noexcept = default;
  ~main_sentinel() {
    enter_exit(std::nullopt, main_is_outside_of_exit() ? exit_entry::before_c_library : exit_entry::inside_c_library);
  }
};

constinit std::atomic<bool> main_is_armed{false};

/// In a child that another thread than main has forked: that thread is the process's first there, but where its
/// function returns a thread ends and not the process, which goes on as long as it has threads.
constinit thread_local bool ends_as_a_thread = false;

bool is_mains_own() noexcept { return os::is_first_task() && !ends_as_a_thread; }

/// Makes a sentinel of the calling thread, once for each `When`. It is local: all that a file has of thread_local
/// objects at namespace scope would be made with the first of them.
template <class When>
void arm() noexcept {
  thread_local main_sentinel sentinel;
  asm volatile("" : : "r"(&sentinel));
}
struct at_the_beginning;
// main's thread_local objects are destroyed last made first, so that those made before main starts its first thread are
// still there while that thread is waited for.
struct at_first_start;

/// In a forked child the exit has not begun, unless the thread that runs it has forked.
void start_anew_in_child(bool on_first_task) {
  if (!on_first_task) ends_as_a_thread = true;
  note_orphaned_lock(!runs_the_exit && exit_now.in_exit_call.load());
  if (runs_the_exit) {
    exit_now.runner.store(::gettid());
  } else {
    exit_now.runner.store(0);
    // A host that has called finish() has said that there are no threads any more, for its children too.
    if (!exit_now.steps_done.load() || exit_now.in_exit_call.load()) {
      exit_now.steps_done.store(false);
      exit_now.status.store(-1);
      forget_reports_after_fork();
      exit_now.end_at_once.store(false);
      exit_now.only_tasks_left.store(false);
      daemons_never_end.store(false);
      exit_now.destructors_began.store(steady_time{});
      exit_now.now.store(phase::running);
      exit_now.began.store(steady_time{});
      exit_now.deadline.store(os::forever);
      exit_now.in_exit_call.store(false);
      exit_now.by_guard.store(false);
      reopen_hooks();
      forget_exit_parts_after_fork();
    }
  }
  exit_now.frozen.store(0);
  provide_probe_thread(nullptr);
  forget_helpers_after_fork();
  forget_stream_holders_after_fork();
  forget_foreign_threads_after_fork();
  reset_shields_after_fork();
  forget_watch_after_fork();
  forget_dumps_after_fork();
  forget_last_resort_after_fork();
  forget_requests_after_fork();
  forget_turns_after_fork();
  initialised = started_a_thread = false;  // this is the first task now
  initialise();
}

[[gnu::constructor(101)]] void initialise_early() { initialise(); }

/// Runs nearly last. A stream that a frozen thread sits in can still stop the C library behind it; nothing is lost
/// then.
[[gnu::destructor(101)]] void destructors_are_over() {
  // A preload library is one of the first to be closed, not of the last.
  if (!policy.preloaded) exit_now.destructors_over.store(true);
}

}  // namespace

constinit thread_local bool runs_the_exit = false;
constinit thread_local bool initialised = false;
constinit thread_local bool started_a_thread = false;

void initialise_this_thread() noexcept {
  initialised = true;
  initialise_registry();
  if (is_mains_own()) {
    arm<at_the_beginning>();
    main_is_armed.store(true, std::memory_order_relaxed);
  }
  static std::atomic<bool> done{false};
  if (done.load(std::memory_order_acquire) || done.exchange(true)) return;
  // Made now: the child of a fork would wait for ever for a guard that the exiting thread had at that moment.
  report_of_exit();
  reopen_hooks();
  forget_watch_after_fork();
  os::find_c_library_exit();
  options_now();  // says now, once, what CURFEW_EXIT has wrong
  if (policy.is_ours != nullptr) exit_is_ours = policy.is_ours();
  watch_ends_of_threads();
  set_fork_child_handler(&start_anew_in_child);
  register_end_of_exit();
  std::atexit(&second_line);
}

void arm_at_first_start() noexcept {
  os::look_up_functions();
  started_a_thread = main_is_armed.load(std::memory_order_relaxed);
  if (is_mains_own()) {
    arm<at_first_start>();
  } else if (!main_is_armed.load(std::memory_order_relaxed)) {
    // A plugin that main has nothing to do with: the second line is all there is, and it must come before the
    // destructors of statics made until now. At the first, second, fourth, eighth… thread: the list must not grow.
    static std::atomic<unsigned> starts{0};
    if (std::has_single_bit(starts.fetch_add(1) + 1)) {
      const lock_registry no_fork;
      std::atexit(&second_line);
    }
  }
}

void stop_executing() noexcept {
  give_up_own_shields();
  foreign_thread_stops_here();
  if (record* self = own_record_if_known()) {
    self->in_exit.store(true);
    os::futex_wake(self->over);  // a join on the exiting thread has to see that it would wait for ever
    note_change();
  }
  register_helper();  // it is as good as one
}

void wait_for_the_end() noexcept {
  stop_executing();
  os::freeze_for_ever();
}

void wait_while_finish_runs(pid_t first) noexcept {
  give_up_own_shields();  // finish() may be waiting for them, and exit does not come back
  record* const self = own_record_if_known();
  if (self != nullptr) self->in_exit.store(true);  // nor is finish() to wait for us
  watch_changes();
  note_change();
  for (;;) {
    const std::uint32_t seen = changes().load();
    if (exit_now.in_exit_call.load() || exit_now.runner.load() != first) break;
    os::futex_wait(changes(), seen);
  }
  if (self != nullptr) self->in_exit.store(false);
}

void run_steps_or_end_at_once(purpose why) noexcept {
  try {
    run_steps(why);
  } catch (const std::exception& e) {
    os::small_text<512> line;
    (line << "curfew: the exit cannot be run: ").cleaned(e.what()) << "; destructors are skipped";
    report_line(line.view());
    exit_now.end_at_once.store(true);
  }
}

namespace {

/// exit in a signal handler may have interrupted the allocator: whatever is made first then never comes back.
void sleeps_for_ever() {
  const int status = std::max(exit_now.status.load(), 0);
  os::small_text<256> line;
  line << "curfew: the exit is ended here, with status " << status
       << ": it waits for a lock that its own thread holds, as exit in a signal handler may";
  end_process(status, {.why = line.view(), .skipped = "destructors are skipped"});
}

/// Of a program that did not ask for all this: somebody looks on from the very beginning.
void take_care_first() noexcept {
  exit_now.nothing_to_report.store(!had_other_threads());
  end_quietly_on_crash();
  const bool by_call = exit_now.status.load() >= 0;
  if (by_call) {
    os::on_own_sleep(&sleeps_for_ever);
    // calloc asks the arena itself, not the thread's cache in front of it.
    void* volatile block = std::calloc(1, 3000);
    std::free(block);
  }
  // What is looked up here takes the loader's lock, which a thread in the initialiser of a library may keep.
  start_watch();
  watch_destructors();
  os::prepare_freezing();
  if (!exit_now.nothing_to_report.load()) prepare_writing_out();
  exit_now.destructors_began.store(steady_time{});
  // Only who reads where the exit has stopped needs somebody to find the words for it.
  if (policy.is_heard() && provided_probe_thread() == nullptr) provide_probe_thread(probe_thread::make());
  if (by_call) os::stop_own_sleep_timer();
}

}  // namespace

void enter_exit(std::optional<int> status, exit_entry way) noexcept {
  if (is_released()) return;
  open_orphaned_lock_if_met();
  const pid_t self = ::gettid();
  pid_t nobody = 0;
  if (!exit_now.runner.compare_exchange_strong(nobody, self)) {
    if (nobody != self) {
      wait_while_finish_runs(nobody);
      nobody = 0;
      if (!exit_now.runner.compare_exchange_strong(nobody, self)) {
        if (way == exit_entry::before_c_library) wait_for_the_end();
        wait_inside_for_turn();
        runs_the_exit = true;
        return;  // the steps are done
      }
    } else if (exit_now.steps_done.load() && !exit_now.by_guard.load()) {
      return;  // exit in a destructor or a handler: the C library goes on where it was
    }
  }
  runs_the_exit = true;
  // For good: what is left is the program's end, which a thread that is cancelled amid it would not come to.
  os::forbid_cancelling();
  exit_now.in_exit_call.store(true);
  exit_now.by_guard.store(false);
  os::find_gone_signal_stacks();
  note_exiting_thread();
  note_change();
  if (status && exit_now.status.load() < 0) exit_now.status.store(*status & 0xff);
  if (policy.preloaded) take_care_first();
  try {
    if (!policy.preloaded || own_record_if_known() != nullptr) take_turns_of_end_anew(own_record());
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): a foreign thread's exit can do without
  }
  {
    // glibc's list of exit handlers has a lock that stays locked in the child of a fork that comes meanwhile. A fork
    // waits for ours.
    const lock_registry no_fork;
    os::tell_exit_status(&status_is_known);
  }
  run_steps_or_end_at_once(purpose::process_ends);
  if (exit_now.end_at_once.load() && exit_now.status.load() >= 0) end_at_once(exit_now.status.load());
  watch_destructors();
}

}  // namespace curfew::inline v1::detail

/// The program's exit. Where a library loaded later brings curfew, it is the C library's, and only the other ways in
/// are left. Weak: the program's comes before that of a shared C library all the same, and gives way to that of a
/// static one, where the second line is left for threads that call exit.
extern "C" [[gnu::weak]] void curfew_program_exit(int status) {
  using namespace curfew::detail;
  enter_exit(status);
  enter_c_library_in_turn();
  // The first status wins. It is not known yet where main has returned and a hook then calls exit.
  const int first = exit_now.status.load();
  os::c_library_exit(first >= 0 ? first : status);
}
