// SPDX-License-Identifier: Apache-2.0
#include "service/exit_progress.hpp"

#include "exit/drain.hpp"
#include "exit/hooks.hpp"
#include "exit/state.hpp"
#include "os/small_text.hpp"
#include "registry/registry.hpp"
#include "service/drain_state.hpp"

#include <curfew/exit.hpp>

namespace curfew::inline v1::detail {
namespace {

/// More names than that nobody reads.
constexpr unsigned most_names = 8;

void append_name_locked(status_text& text, const record& r) noexcept {
  if (!r.name.empty())
    text.quoted(r.name);
  else
    text << "\"Thread-" << r.number << "\"";
}

template <class Wanted>
void append_threads(status_text& text, const char* what, Wanted wanted) noexcept {
  const lock_registry lock;
  unsigned count = 0;
  for (const record* r = first_locked(listed::live); r != nullptr; r = r->next) count += wanted(*r) ? 1 : 0;
  text << count << " " << what << (count == 1 ? "" : "s");
  unsigned said = 0;
  for (const record* r = first_locked(listed::live); r != nullptr && said < most_names; r = r->next)
    if (wanted(*r)) append_name_locked(text << (said++ == 0 ? ": " : ", "), *r);
  if (count > said) text << ", and " << count - said << " more";
}

/// Of the thread that runs the exit. Null: none that curfew knows.
const record* runner_record() noexcept {
  const pid_t runner = exit_now.runner.load();
  const lock_registry lock;
  for (const record* r = first_locked(listed::live); r != nullptr; r = r->next)
    if (r->cell.tid.load() == runner) return r;
  return nullptr;
}

bool append_drain(status_text& text) noexcept {
  switch (drain_now.step.load()) {
    case drain_step::none:
      return false;
    case drain_step::pre_stop_delay:
      text << "not ready any more, and still accepts requests";
      return true;
    case drain_step::stop_accepting:
      text << "accepts no more requests";
      return true;
    case drain_step::requests:
      break;
  }
  const std::size_t in_flight = drain_now.in_flight.load();
  text << "waits for " << in_flight << (in_flight == 1 ? " request" : " requests") << " in flight";
  return true;
}

}  // namespace

void append_exit_progress(status_text& text) noexcept {
  text << "stopping: ";
  if (append_drain(text)) return;
  if (!exit_has_begun()) {
    text << "main has not returned yet";
    return;
  }
  if (const char* const hook = running_hook()) {
    (text << "in the hook ").quoted(hook);
    return;
  }
  switch (exit_now.now.load()) {
    case phase::running:
      text << "the exit has begun";
      return;
    case phase::draining: {
      const record* const self = runner_record();
      append_threads(text << "waits for ", "thread", [self](const record& r) { return is_waited_for_locked(r, self); });
      return;
    }
    case phase::stopping:
      append_threads(text << "waits for daemons; with a shield: ", "thread",
                     [](const record& r) { return r.shields.load() != 0; });
      return;
    case phase::frozen:
      text << (exit_now.in_exit_call.load() ? "static destructors" : "the exit is done");
      return;
  }
}

}  // namespace curfew::inline v1::detail
