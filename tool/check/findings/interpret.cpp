// SPDX-License-Identifier: Apache-2.0
#include "check/findings/interpret.hpp"

#include "check/findings/families.hpp"

#include <algorithm>

namespace curfew::tool {
namespace {

/// For the last line: a run in which nothing was checked is no clean bill of health.
void count_what_was_seen(const record_view& record, check_result& to) {
  const int pid = record.first_pid();
  to.exit_seen = !record.all_of<check::exit_began>(pid).empty();
  for (const auto& e : record.all_of<check::destructor_ran>(pid))
    to.destructors += e->of_thread == 0 && e->size != 0 ? 1U : 0U;
  const auto became = record.all_of<check::became_other>(pid);
  const auto stayed = record.all_of<check::stayed_itself>(pid);
  if (!became.empty() && (stayed.empty() || stayed.back().index < became.back().index))
    to.became = record.text(became.back()->path);
  for (int i = 0; i < record.thread_count(); ++i)
    if (const auto& t = *record.thread(i); t.pid == pid && t.number != 0) ++to.threads;
  to.threads_at_exit = static_cast<unsigned>(record.all<check::running_at_exit>().size());
}

}  // namespace

check_result interpret(record_view& record, const std::string& program, program_end end) {
  record.settle();
  check_result result;
  result.status = end.status;
  result.signal = end.signal;
  result.loaded = record.was_loaded();
  result.complete = record.is_complete();
  result.story.program = program;
  interpreter one(record, result);
  for (const auto find : families) find(one);
  count_what_was_seen(record, result);
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const finding& a, const finding& b) { return a.error && !b.error; });
  tell_story(one);
  return result;
}

}  // namespace curfew::tool
