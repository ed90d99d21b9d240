// SPDX-License-Identifier: Apache-2.0
// A static destructor that spins on what a frozen daemon would have done: destructor_limit ends the process with its
// own status, what was printed is written, and stderr says that destructors were left out. The limit is one of static
// destructors: main's thread_local destructors, before which the status is not known, are not cut short by it.
//! status: 3
//! case: some time
//! args: 300 spin
//! seconds: 0.3..6
//! out: main ended
//! err~ (?=.*status 3)(?=.*~spins)(?=.*what stdio held is written)(?=.*destructors are skipped).*
//! case: at its first instruction
//! args: 300 first_instruction
//! seconds: 0.3..6
//! out: main ended
//! err~ (?=.*status 3)(?=.*jumps_to_itself).*
//! case: no time
//! args: 0 spin
//! repeat: 5
//! seconds: 0..6
//! out: main ended
//! err~ (?=.*status 3)(?=.* not done after 0 ms).*
//! case: a slow thread_local destructor
//! args: 1000 thread_local
//! seconds: 1.5..8
//! out: main ended
//! out: thread_local destroyed
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <cstdlib>
#include <cstring>

static curfew_test::speaking first("static destroyed");
static std::atomic<bool> wanted{true};

struct spins {
  ~spins() {
    while (!wanted) {
    }
  }
};
static spins last;

struct slow {
  ~slow() {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    std::puts("thread_local destroyed");
  }
};

// Where it is interrupted, the address before is no longer in it.
extern "C" void jumps_to_itself();
#if defined __x86_64__
asm(".text\n.type jumps_to_itself, @function\njumps_to_itself: .cfi_startproc\njmp "
    "jumps_to_itself\n.cfi_endproc\n.size jumps_to_itself, 2\n");
#else
asm(".text\n.type jumps_to_itself, @function\njumps_to_itself: .cfi_startproc\nb jumps_to_itself\n.cfi_endproc\n.size "
    "jumps_to_itself, 4\n");
#endif

int main(int, char** argv) {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer delays the signal that asks a spinning thread for its call stack");
  curfew::set_exit_options({.destructor_limit = std::chrono::milliseconds(std::atoi(argv[1]))});
  if (std::strcmp(argv[2], "spin") == 0) {
    wanted = false;
  } else if (std::strcmp(argv[2], "first_instruction") == 0) {
    std::atexit(jumps_to_itself);
  } else {
    static thread_local slow made_before_any_thread;
    asm volatile("" : : "r"(&made_before_any_thread));
  }
  curfew::thread daemon({.daemon = true}, [] {
    std::this_thread::sleep_for(std::chrono::hours(1));
    wanted = true;
  });
  std::puts("main ended");
  return 3;
}
