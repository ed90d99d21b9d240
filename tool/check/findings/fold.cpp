// SPDX-License-Identifier: Apache-2.0
#include "check/findings/fold.hpp"

#include "check/findings/words.hpp"

#include <algorithm>
#include <utility>

namespace curfew::tool {
namespace {

/// In two runs a thread is seldom at the same line.
bool is_same_in_another_run(const finding& a, const finding& b) {
  if (a.kind != b.kind || a.object.name != b.object.name || a.object.offset != b.object.offset ||
      a.threads.size() != b.threads.size())
    return false;
  if (a.threads.empty()) return true;
  const auto &one = a.threads[0], &other = b.threads[0];
  return place_text(one.created_at) == place_text(other.created_at) &&
         name_without_number(one.name) == name_without_number(other.name) &&
         first_own(one.stack).function == first_own(other.stack).function;
}

}  // namespace

void fold(check_result& all, check_result&& one) {
  // Those of one run are different: equal ones have been folded.
  const auto earlier = static_cast<std::ptrdiff_t>(all.findings.size());
  for (auto& f : one.findings) {
    const auto end = all.findings.begin() + earlier;
    const auto known = std::find_if(all.findings.begin(), end,
                                    [&](const finding& before) { return is_same_in_another_run(before, f); });
    if (known != end)
      known->count += f.count;
    else
      all.findings.push_back(std::move(f));
  }
  if (all.status == 0) all.status = one.status;
  if (all.signal == 0) all.signal = one.signal;
  if (all.became.empty()) all.became = one.became;
  all.exit_seen = all.exit_seen || one.exit_seen;
  all.destructors = std::max(all.destructors, one.destructors);
  all.threads = std::max(all.threads, one.threads);
  all.threads_at_exit = std::max(all.threads_at_exit, one.threads_at_exit);
  for (const auto& [owner, count] : one.kept_threads)
    all.kept_threads[owner] = std::max(all.kept_threads[owner], count);
  all.loaded = all.loaded || one.loaded;
  all.complete = all.complete && one.complete;
  if (all.story.lanes.empty()) all.story = std::move(one.story);
}

}  // namespace curfew::tool
