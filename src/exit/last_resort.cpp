// SPDX-License-Identifier: Apache-2.0
#include "exit/last_resort.hpp"

#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/end_timer.hpp"
#include "os/exit_calls.hpp"
#include "os/small_text.hpp"

#include <unistd.h>

#include <cstdio>
#include <ostream>
#if !defined(__GLIBCXX__)
#include <iostream>
#endif

namespace curfew::inline v1::detail {

#if defined(__GLIBCXX__)
// <iostream> would put an initialiser and a destructor of the standard streams into programs that do not use them: a
// third of what an exit costs. So they may not have been constructed, which shows in their first word.
[[gnu::visibility("default")]] extern std::ostream standard_output __asm__("_ZSt4cout");
[[gnu::visibility("default")]] extern std::ostream standard_log __asm__("_ZSt4clog");
#else
static std::ostream& standard_output = std::cout;
static std::ostream& standard_log = std::clog;
#endif

namespace {

constexpr auto flush_limit = std::chrono::milliseconds(1000);

constinit std::atomic<hands*> helper{nullptr};
constinit std::atomic<bool> ending_now{false};

void flush(std::ostream& stream) {
  if (*reinterpret_cast<void* const*>(&stream) != nullptr) stream.flush();
}

/// stdout first and by try: the call for all streams stops at the first that somebody holds, as a thread in getchar()
/// does.
void write_out_streams() {
  const bool mine = ::ftrylockfile(stdout) == 0;
  // While threads are frozen whoever has the lock does nothing any more: better its line twice than ours not at all.
  if (mine || exit_now.frozen.load() != 0) ::fflush_unlocked(stdout);
  if (mine) ::funlockfile(stdout);
  try {
    flush(standard_output);  // a buffer of its own after sync_with_stdio(false); never destroyed
    flush(standard_log);
  } catch (...) {  // NOLINT(bugprone-empty-catch): nobody is left to tell
  }
  std::fflush(nullptr);
}

}  // namespace

void provide_hands(hands* h) noexcept { helper.store(h); }
hands* provided_hands() noexcept { return helper.load(); }

void end_process(int status, std::string_view why) noexcept {
  if (ending_now.exchange(true)) wait_for_the_end();
  if (!why.empty()) os::write_all(STDERR_FILENO, why);
  // What writes out may wait for a frozen thread for ever: the kernel's timer ends the process then, or the hands do
  // it.
  const auto limit = os::now_steady() + flush_limit;
  if (os::end_process_at(limit, status))
    write_out_streams();
  else if (hands* const with = helper.load())
    with->run(&write_out_streams, limit);
  os::end_now(status);
}

}  // namespace curfew::inline v1::detail
