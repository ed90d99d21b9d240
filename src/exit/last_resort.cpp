// SPDX-License-Identifier: Apache-2.0
#include "exit/last_resort.hpp"

#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/small_text.hpp"

#include <unistd.h>

#include <cstdio>
#include <ostream>
#if !defined(__GLIBCXX__)
#include <iostream>
#endif

namespace curfew::inline v1::detail {
namespace {

constexpr auto flush_limit = std::chrono::milliseconds(100);

constinit std::atomic<hands*> helper{nullptr};
constinit std::atomic<bool> ending_now{false};

#if defined(__GLIBCXX__)
// <iostream> would put an initialiser and a destructor of the standard streams into programs that do not use them: a
// third of what an exit costs. So they may not have been constructed, which shows in their first word.
[[gnu::visibility("default")]] extern std::ostream cout __asm__("_ZSt4cout");
[[gnu::visibility("default")]] extern std::ostream clog __asm__("_ZSt4clog");
void flush(std::ostream& stream) {
  if (*reinterpret_cast<void* const*>(&stream) != nullptr) stream.flush();
}
#else
using std::cout, std::clog;
void flush(std::ostream& stream) { stream.flush(); }
#endif

/// Runs on the hands. stdout first and by try: the call for all streams stops at the first that somebody holds, as a
/// thread in getchar() does.
void write_out_streams() {
  if (::ftrylockfile(stdout) == 0) {
    ::fflush_unlocked(stdout);
    ::funlockfile(stdout);
  }
  try {
    flush(cout);  // a buffer of its own after sync_with_stdio(false); never destroyed
    flush(clog);
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
  hands* with = helper.load();
  // Hands that are stuck, or none yet: new ones can be made as long as nothing is frozen.
  if ((with == nullptr || with->busy()) && exit_now.frozen.load() == 0) with = hands::make();
  if (with != nullptr) with->run(&write_out_streams, os::now_steady() + flush_limit);
  ::_exit(status);
}

}  // namespace curfew::inline v1::detail
