// SPDX-License-Identifier: Apache-2.0
// An exit that waits for long, and comes to its end all the same.
#include "check/findings/families.hpp"

#include <algorithm>
#include <cstdio>

namespace curfew::tool {
namespace {

std::string seconds(std::uint64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(ns) / 1e9);
  return text;
}

void add_slow_exit(interpreter& in, const told<check::exit_began>& e) {
  const std::uint64_t patience = std::uint64_t{e->patience_ms} * 1'000'000;
  std::uint64_t asleep = 0;
  told<check::destructor_ran> longest;
  for (const auto& d : in.record.all_of<check::destructor_ran>(e.pid())) {
    if (d->by_curfew != 0) continue;  // the program has asked for that wait
    asleep += d->asleep_ns;
    if (!longest || d->asleep_ns > longest->asleep_ns) longest = d;
  }
  // Nearly what counts as blocked; what is said of a blocked exit is enough.
  if (!longest || patience == 0 || asleep < patience / 10 * 9) return;
  if (!in.record.all_of<check::exit_blocked>(e.pid()).empty()) return;
  finding f;
  f.kind = "slow-exit";
  f.error = false;
  f.object = in.object_destroyed_by(longest.index);
  f.threads.push_back(in.involve(e.index, e.thread(), "exits", false));
  f.message = "the exit waited for " + seconds(asleep) + " in its destructors and handlers, " +
              seconds(longest->asleep_ns) + " of it in " + in.destructor_text(longest.index);
  f.advice =
      "what it waits for should end sooner, or be given up after a limit: whoever stops the program (systemd, a "
      "container's runtime, a user) kills it after a while";
  in.add(std::move(f), e.index);
}

}  // namespace

void find_slow_exits(interpreter& in) {
  for (const auto& e : in.record.all<check::exit_began>()) add_slow_exit(in, e);
}

}  // namespace curfew::tool
