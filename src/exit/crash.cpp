// SPDX-License-Identifier: Apache-2.0
#include "exit/crash.hpp"

#include "exit/last_resort.hpp"
#include "exit/state.hpp"
#include "exit/write_out.hpp"
#include "os/clock.hpp"
#include "os/freeze.hpp"
#include "os/signal_stacks.hpp"
#include "os/small_text.hpp"
#include "os/tasks.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace curfew::inline v1::detail {
namespace {

struct fault {
  int number;
  const char* name;
};
constexpr fault faults[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGABRT, "SIGABRT"},
                            {SIGILL, "SIGILL"},   {SIGFPE, "SIGFPE"}, {SIGTRAP, "SIGTRAP"}};

std::atomic<pid_t> crashed{0};

void handler(int number) {
  const pid_t self = ::gettid();
  // Of a return from main the status is known only when the exit handlers run, which is soon.
  for (int ms = 0; exit_now.status.load() < 0 && exit_now.runner.load() != self && ms < 2000; ++ms)
    os::pause_for(std::chrono::milliseconds(1));
  const int status = exit_now.status.load() >= 0 ? exit_now.status.load() : 0;
  pid_t nobody = 0;
  // A second fault on the same thread: what was written out is what could be.
  if (!crashed.compare_exchange_strong(nobody, self) && nobody == self) end_process(status, {});
  wait_while_streams_are_closed();
  char buffer[16];
  os::small_text<256> line;
  line << "curfew: the exit is ended here, with status " << status << ": ";
  for (const fault& f : faults)
    if (f.number == number) line << f.name;
  line << " in the thread ";
  line.quoted(os::name_of_task(self, buffer)) << " (thread id " << self << ")";
  end_process(status, {.why = line.view(), .skipped = "the remaining destructors are skipped"});
}

bool is_fault(int number) noexcept {
  return std::ranges::any_of(faults, [number](const fault& f) { return f.number == number; });
}

}  // namespace

bool program_handles_signals() noexcept {
  for (int number = 1; number <= SIGRTMAX; ++number) {
    struct sigaction set {};
    if (is_fault(number) || os::is_freeze_signal(number) || ::sigaction(number, nullptr, &set) != 0) continue;
    if ((set.sa_flags & SA_SIGINFO) != 0 || (set.sa_handler != SIG_DFL && set.sa_handler != SIG_IGN)) return true;
  }
  return false;
}

void end_quietly_on_crash() noexcept {
  // On the stack that is there: the calling thread runs what is left of the program.
  os::note_own_signal_stack();
  const int stack = os::signal_stack_is_gone(::gettid()) ? 0 : SA_ONSTACK;
  for (const fault& f : faults) {
    struct sigaction before {};
    if (::sigaction(f.number, nullptr, &before) != 0 || (before.sa_flags & SA_SIGINFO) != 0 ||
        before.sa_handler != SIG_DFL)
      continue;
    struct sigaction now {};
    now.sa_handler = &handler;
    now.sa_flags = stack | SA_NODEFER;
    ::sigaction(f.number, &now, nullptr);
  }
}

}  // namespace curfew::inline v1::detail
