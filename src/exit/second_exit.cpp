// SPDX-License-Identifier: Apache-2.0
#include "exit/second_exit.hpp"

#include "exit/probe_thread.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/exit_calls.hpp"
#include "os/futex.hpp"
#include "os/tasks.hpp"

#include <unistd.h>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

enum exit_turn : std::uint32_t {
  nobody_came,      ///< nobody has come so far
  somebody_inside,  ///< the second waits inside
  first_goes,       ///< the first has begun to enter
  the_one_inside_goes
};
constinit os::futex_word turn_now{nobody_came};
constinit std::atomic<pid_t> one_inside{0};
constinit std::atomic<bool> handlers_began{false};

constexpr auto handover_pause = milliseconds(2);
constexpr int same_sleeps_to_be_sure = 3;

/// Asleep for ever on a lock of the C library's, in the same sleep all the time?
class blocked_outside {
 public:
  bool look(pid_t first) noexcept {
    os::task_status now;
    const bool asleep = os::read_task(first, now) && os::waits_for_ever_on_futex(now);
    same_ = asleep && now.switches == before_.switches && now.arguments[0] == before_.arguments[0] ? same_ + 1 : 0;
    before_ = now;
    return same_ >= same_sleeps_to_be_sure && os::is_c_library_data(now.arguments[0]);
  }

 private:
  os::task_status before_;
  int same_ = 0;
};

/// The first has begun to enter. It is in there, or it wants the lock that this thread holds: then it gets no further.
void wait_while_first_is_inside() noexcept {
  blocked_outside first;
  while (!first.look(exit_now.runner.load())) {
    if (handlers_began.load()) wait_for_the_end();
    os::pause_for(handover_pause);
  }
  if (handlers_began.load()) wait_for_the_end();
}

}  // namespace

void wait_inside_for_turn() noexcept {
  const pid_t self = ::gettid();
  pid_t nobody = 0;
  if (!one_inside.compare_exchange_strong(nobody, self))
    wait_for_the_end();  // another is inside: there is no lock then
  std::uint32_t now = nobody_came;
  if (turn_now.compare_exchange_strong(now, somebody_inside)) {
    stop_executing();
    while (turn_now.load() == somebody_inside) os::futex_wait(turn_now, somebody_inside);
  } else {
    wait_while_first_is_inside();
  }
  exit_now.runner.store(self);
}

pid_t goes_on_inside() noexcept {
  std::uint32_t now = nobody_came;
  return turn_now.compare_exchange_strong(now, first_goes) || now == first_goes ? 0 : one_inside.load();
}

void enter_c_library_in_turn() {
  if (one_inside.load() == ::gettid()) return;  // it is there: a destructor calls exit
  if (goes_on_inside() == 0) return;
  os::end_own_thread_locals();  // what the C library's exit would have done here
  turn_now.store(the_one_inside_goes);
  os::futex_wake(turn_now);
  wait_for_the_end();
}

void note_handlers_begin() noexcept { handlers_began.store(true); }
bool handlers_have_begun() noexcept { return handlers_began.load(); }

void forget_turns_after_fork() noexcept {
  turn_now.store(nobody_came);
  one_inside.store(0);
  handlers_began.store(false);
}

}  // namespace curfew::inline v1::detail
