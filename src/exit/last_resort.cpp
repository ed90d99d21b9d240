// SPDX-License-Identifier: Apache-2.0
#include "exit/last_resort.hpp"

#include "exit/manner.hpp"
#include "exit/standard_streams.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/end_timer.hpp"
#include "os/exit_calls.hpp"

#include <cstdio>

namespace curfew::inline v1::detail {
namespace {

constexpr auto flush_limit = std::chrono::milliseconds(1000);

constinit std::atomic<hands*> helper{nullptr};
constinit std::atomic<bool> ending_now{false};

/// stdout first and by try: the call for all streams stops at the first that somebody holds, as a thread in getchar()
/// does.
void write_out_streams() {
  const bool mine = ::ftrylockfile(stdout) == 0;
  // While threads are frozen whoever has the lock does nothing any more: better its line twice than ours not at all.
  if (mine || exit_now.frozen.load() != 0) ::fflush_unlocked(stdout);
  if (mine) ::funlockfile(stdout);
  flush_standard_streams();
  std::fflush(nullptr);
}

}  // namespace

void provide_hands(hands* h) noexcept { helper.store(h); }
hands* provided_hands() noexcept { return helper.load(); }

void end_process(int status, std::string_view why) noexcept {
  if (ending_now.exchange(true)) wait_for_the_end();
  if (!why.empty()) say_at_exit(why);
  if (manner.ends != nullptr) manner.ends(status);
  // What writes out may wait for a frozen thread for ever: the kernel's timer ends the process then, or the hands do
  // it.
  const auto limit = os::now_steady() + flush_limit;
  if (os::end_process_at(limit, status)) {
    write_out_streams();
  } else {
    hands* with = helper.load();
    if (with == nullptr && exit_now.frozen.load() == 0) with = hands::make();
    if (with != nullptr) with->run(&write_out_streams, limit);
  }
  os::end_now(status);
}

}  // namespace curfew::inline v1::detail
