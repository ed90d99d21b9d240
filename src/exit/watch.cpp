// SPDX-License-Identifier: Apache-2.0
#include "exit/watch.hpp"

#include "exit/crash.hpp"
#include "exit/freeze_daemons.hpp"
#include "exit/hooks.hpp"
#include "exit/last_resort.hpp"
#include "exit/options.hpp"
#include "exit/policy.hpp"
#include "exit/protocol.hpp"
#include "exit/spin.hpp"
#include "exit/stall.hpp"
#include "exit/state.hpp"
#include "exit/verdict.hpp"
#include "os/clock.hpp"
#include "os/end_timer.hpp"
#include "os/exit_calls.hpp"
#include "os/freeze.hpp"
#include "os/standard_descriptor.hpp"
#include "os/symbols.hpp"
#include "os/tasks.hpp"
#include "os/waits.hpp"
#include "registry/registry.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string_view>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

constexpr auto first_looks = milliseconds(4);
constexpr auto later_looks = milliseconds(50);
constexpr int how_many_first = 8;
constexpr int looks_to_be_sure = 3;
/// For the dump that a deadline writes: past the deadline.
constexpr auto dump_limit = milliseconds(100);
constexpr auto unowned_limit = milliseconds(500);
/// Before the program's status is known there is no ending with it, and destructors have not begun: a shorter limit on
/// them waits so long. A thread_local destructor of main's may hang meanwhile.
constexpr auto least_limit_without_status = milliseconds(10000);

/// Made before the freeze, read by the watch after it.
struct watch_state {
  std::atomic<bool> started{false};
  std::atomic<bool> comes_soon{false};
  exit_options options;
  os::futex_word news{0};
};

/// Never destroyed, and made without the allocator, which may have nothing left.
watch_state& state() noexcept {
  alignas(watch_state) static unsigned char memory[sizeof(watch_state)];
  static auto* const s = new (memory) watch_state;
  return *s;
}

/// The frozen thread that holds what a futex wait is for, as far as the C library's layouts tell. pthread_join and
/// locks with priorities wait while the word is the thread's id; a mutex or a stream is waited for while its word is 2,
/// and has its owner (an id, a pthread_t) eight bytes behind.
const thread_info* frozen_owner(const os::task_status& wait) noexcept {
  constexpr std::uint64_t id_bits = 0x3fffffff, awaited_lock = 2;
  const std::uint64_t expected = wait.arguments[2] & 0xffffffff;
  if (expected != awaited_lock) return frozen_thread(static_cast<pid_t>(expected & id_bits));
  std::uint64_t owner = 0;
  if (!os::read_own_memory(wait.arguments[0] + 8, &owner, sizeof owner)) return nullptr;
  if (const auto* t = frozen_thread(static_cast<pid_t>(owner & 0xffffffff))) return t;
  return frozen_pthread(static_cast<pthread_t>(owner));
}

/// Under `curfew run` the exit goes on as it would have without it, before it is ended for what the freeze has done.
bool give_second_chance() noexcept {
  if (!policy.preloaded) return false;
  if (!thaw_all_frozen()) return false;
  exit_now.destructors_began.store(os::now_steady());  // from here on they have their time
  return true;
}

/// Looks at the exiting thread every few milliseconds. The same sleep all the time, on what a frozen thread owns, or
/// with nobody left to end it, is a verdict.
class stuck_detector {
 public:
  void look(pid_t exiting, const os::task_status& now) noexcept {
    if (now.state != 'S' || !os::waits_for_ever_on_futex(now) || now.switches != before_.switches ||
        now.arguments[0] != before_.arguments[0]) {
      same_ = 0;
      before_ = now;
      since_ = os::now_steady();
      return;
    }
    if (++same_ < looks_to_be_sure) return;
    // A destructor that calls setuid waits for all threads.
    if (same_ == looks_to_be_sure && let_frozen_answer_signals(os::asked_by::c_library)) return;
    if (const thread_info* const owner = frozen_owner(now)) {
      if (!give_second_chance()) end_stuck(exiting, owner);
      same_ = 0;
      return;
    }
    // Without a known owner a handler of a signal, a timer's say, may still be what ends the wait: no haste; and where
    // nobody is frozen that is likely.
    if (os::now_steady() - since_ >= unowned_limit && !os::may_be_shared(now.arguments[0]) &&
        !anybody_else_runs(exiting) && (exit_now.frozen.load() != 0 || !program_handles_signals())) {
      if (!give_second_chance()) end_stuck(exiting, nullptr);
      same_ = 0;
    }
  }

 private:
  os::task_status before_;
  int same_ = 0;
  steady_time since_{};
};

/// Finds an exit that waits for the frozen (exit/stall.hpp), and thaws them.
class second_chance {
 public:
  [[nodiscard]] static bool is_due() noexcept {
    return policy.preloaded && exit_now.frozen.load() != 0 && exit_now.steps_done.load();
  }
  void look(pid_t exiting, steady_time now) noexcept {
    if (!is_due()) return;
    const bool waits_for_them = detector_.look(exiting, now);
    // Whoever collects garbage may spin.
    if ((detector_.waits() || ++looks_ % 16 == 0) && let_frozen_answer_signals(os::asked_by::anybody)) {
      detector_.begin_again();
    } else if (waits_for_them) {
      give_second_chance();
    }
  }

 private:
  stall_detector detector_;
  unsigned looks_ = 0;
};

/// Under `curfew run` an exit that waits for a thread, while no thread of the process does anything, is over before the
/// limit: a joinable thread that never ends, say.
void look_for_quiet(quiet_clock& quiet, pid_t exiting, const os::task_status& task, steady_time now) noexcept {
  if (!policy.preloaded || !exit_now.steps_done.load() || exit_now.status.load() < 0) return;
  const auto limit = state().options.destructor_limit;
  const auto soon = limit < milliseconds(0) ? std::chrono::nanoseconds(std::chrono::hours(1)) : limit;
  if (!quiet.look(now, soon)) return;
  const auto what = os::facts_of_sleep(task, soon).what;
  if (what != os::wait_for::another_thread && what != os::wait_for::inside_input) return;
  if (!give_second_chance()) end_stuck(exiting, nullptr);
}

/// Without anybody who is not frozen, and without a signal that could come, a destructor that spins does so for ever.
void look_for_spinning(spin_detector& spinning, pid_t exiting, const os::task_status& task, steady_time now) noexcept {
  if (exit_now.frozen.load() == 0 || !exit_now.steps_done.load()) return;
  if (!spinning.look(exiting, task, now) || anybody_else_runs(exiting) || program_handles_signals()) return;
  if (!give_second_chance()) end_spinning(exiting);
}

/// The time that destructors have taken. What the exiting thread spends asleep while somebody else is slow to read its
/// output (`prog | less`) is not theirs. Of a program that did not ask for a limit neither is the time in which it is
/// at work, as long as nobody is frozen: only a wait can be one for ever, and a long exit that makes progress is a
/// sound one.
class destructor_clock {
 public:
  void look(steady_time began, steady_time now, const os::task_status& exiting) noexcept {
    if (began != began_) {
      began_ = last_ = began;
      excused_ = {};
    }
    const bool at_work =
        policy.preloaded && exit_now.frozen.load() == 0 && (exiting.state == 'R' || exiting.state == 'D');
    if (at_work || os::waits_for_reader(exiting)) excused_ += now - last_;
    last_ = now;
  }
  [[nodiscard]] std::chrono::nanoseconds taken() const noexcept { return last_ - began_ - excused_; }

 private:
  steady_time began_{};
  steady_time last_{};
  std::chrono::nanoseconds excused_{0};
};

/// Have destructors taken longer than they may?
bool is_over_limit(std::chrono::nanoseconds taken, milliseconds limit) noexcept {
  if (limit < milliseconds(0)) return false;
  return taken >= (exit_now.status.load() >= 0 ? limit : std::max(limit, least_limit_without_status));
}

void watch() noexcept {
  const exit_options& options = state().options;
  stuck_detector detector;
  second_chance chance;
  quiet_clock quiet;
  spin_detector spinning;
  destructor_clock clock;
  for (int looks = 0;;) {
    const std::uint32_t seen = state().news.load();
    const auto deadline = exit_now.deadline.load();
    const auto destructors_began = exit_now.destructors_began.load();
    const bool in_destructors = destructors_began != steady_time{} && (exit_now.frozen.load() != 0 || policy.preloaded);
    const auto now = os::now_steady();
    // Where the exiting thread waits itself it sees to the deadline itself, and can say more of what it waited for.
    const bool it_waits = running_hook() == nullptr && exit_now.now.load() != phase::frozen;
    const auto last = it_waits ? os::later(deadline, milliseconds(50)) : deadline;
    const bool only_waits_count = policy.preloaded && in_destructors;
    if (now >= last && !only_waits_count) end_at_deadline(options);
    steady_time until = only_waits_count ? os::forever : last;
    if (in_destructors && looks == 0 && options.destructor_limit > milliseconds(0)) {
      // Most exits are over before there is anything to see, and a look takes longer than many of them.
      until = std::min(until, now + first_looks);
      ++looks;
    } else if (in_destructors) {
      const pid_t exiting = exit_now.runner.load();
      os::task_status task;
      os::read_task(exiting, task);
      clock.look(destructors_began, now, task);
      // The deadline of such a program: what the steps before took counts, and what is waited for since.
      const bool by_deadline = only_waits_count && last != os::forever && clock.taken() >= last - destructors_began;
      if ((by_deadline || is_over_limit(clock.taken(), options.destructor_limit)) && !give_second_chance())
        end_over_limit(exiting);
      chance.look(exiting, now);
      // Main's thread_local objects come before its status and are not looked at, for the C library's locks.
      if (exit_now.status.load() >= 0 || exit_now.by_guard.load()) {
        detector.look(exiting, task);
        look_for_spinning(spinning, exiting, task, now);
      }
      look_for_quiet(quiet, exiting, task, now);
      until = std::min(until, now + (++looks <= how_many_first || second_chance::is_due() ? first_looks : later_looks));
    }
    os::futex_wait(state().news, seen, until, os::mark_of_own);
  }
}

constexpr exit_helper watch_thread{"curfew-watch", &watch};

}  // namespace

namespace {

void note_options() noexcept {
  try {
    state().options = options_now();
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): the defaults will do
  }
}

/// On the probe thread, some milliseconds after a freeze began. While that goes on the probe thread is needed as such,
/// and what makes a thread takes locks that a frozen thread may hold: the next thaw lets it have them. Afterwards the
/// probe thread is not needed, and nothing stands between it and the watch.
void come_as_watch() {
  watch_state& s = state();
  if (s.started.exchange(true)) return;
  probe_thread* const self = provided_probe_thread();
  if (freeze_goes_on()) {
    if (make_exit_helper(watch_thread)) return;
    s.started.store(false);
    if (self != nullptr) self->run_later(&come_as_watch, os::later(os::now_steady(), later_looks));
    return;
  }
  provide_probe_thread(nullptr);
  constexpr std::string_view name = watch_thread.name;
  os::name_own_task(name.data(), name.size());
  watch();
}

}  // namespace

bool start_watch() noexcept {
  watch_state& s = state();
  if (s.started.exchange(true)) return true;
  if (policy.prepare_dump != nullptr && exit_now.deadline.load() != os::forever) policy.prepare_dump();
  note_options();
  if (make_exit_helper(watch_thread)) return true;
  s.started.store(false);
  if (exit_now.deadline.load() != os::forever)
    os::call_when_late(exit_now.deadline.load(), [](bool) { os::end_now(state().options.deadline_status); });
  return false;
}

bool have_watch_soon(probe_thread* with) noexcept {
  watch_state& s = state();
  // With a deadline there is a moment to be kept. A program that did not ask for all this is watched from the
  // beginning.
  if (s.started.load() || policy.preloaded || exit_now.deadline.load() != os::forever) return start_watch();
  if (with == nullptr) return false;
  note_options();
  s.comes_soon.store(true);
  with->run_later(&come_as_watch, os::later(os::now_steady(), first_looks));
  return true;
}

void do_not_wait_for_watch() noexcept {
  if (state().comes_soon.load()) start_watch();
}

void watch_destructors() noexcept {
  watch_state& s = state();
  // finish() does not need it, the exit after it does.
  if (exit_now.frozen.load() != 0 && !s.comes_soon.load() && !have_watch_soon(provided_probe_thread())) start_watch();
  if (!s.started.load() && !s.comes_soon.load()) return;
  exit_now.destructors_began.store(os::now_steady());
  if (!s.started.load()) return;
  s.news.fetch_add(1);
  os::futex_wake(s.news);
}

void forget_watch_after_fork() noexcept {
  state().started.store(false);
  state().comes_soon.store(false);
}

const exit_options& options_of_watch() noexcept { return state().options; }

void end_at_deadline(const exit_options& options) noexcept {
  os::small_text<512> line;
  line << "curfew: the exit is ended here, with status " << options.deadline_status << ": its deadline of "
       << std::chrono::nanoseconds(options.deadline.value_or(milliseconds(0))) << " has passed in phase "
       << to_string(exit_now.now.load());
  if (const char* hook = running_hook()) (line << ", in the hook ").quoted(hook);
  // What hangs, and where. Under `curfew run` nobody asked for it. The exiting thread and the watch may both come here:
  // whoever is second lets the first one finish, which does not take longer than this.
  static constinit std::atomic<bool> is_written{false};
  if (is_written.exchange(true))
    os::pause_for(2 * dump_limit);
  else if (policy.write_dump != nullptr)
    policy.write_dump(os::standard_descriptor(STDERR_FILENO), os::later(os::now_steady(), dump_limit));
  end_process(options.deadline_status, {.why = line.view()});
}

}  // namespace curfew::inline v1::detail
