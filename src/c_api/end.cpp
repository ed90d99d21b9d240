// SPDX-License-Identifier: Apache-2.0
// curfew/curfew.h: the end of the program.
#include "c_api/failures.hpp"
#include "exit/hooks.hpp"
#include "exit/request.hpp"
#include "exit/shields.hpp"

#include <curfew/curfew.h>
#include <curfew/dump.hpp>
#include <curfew/exit.hpp>
#include <curfew/library.hpp>
#include <curfew/restart.hpp>

#include <cstdint>
#include <string>
#include <vector>

using curfew::detail::errno_of;
using curfew::detail::hook_turn;

namespace {

int add_hook(hook_turn turn, const char* name, curfew_function hook, void* argument, uint64_t* id) {
  if (hook == nullptr) return EINVAL;
  return errno_of([&] {
    const auto made = curfew::detail::add_hook(
        turn, name != nullptr ? name : "", [=] { hook(argument); }, reinterpret_cast<const void*>(hook));
    if (id != nullptr) *id = static_cast<uint64_t>(made);
  });
}

}  // namespace

extern "C" {

enum curfew_phase curfew_phase(void) { return static_cast<enum curfew_phase>(curfew::exit_phase()); }

int curfew_before_wait(const char* name, curfew_function hook, void* argument, uint64_t* id) {
  return add_hook(hook_turn::before_wait, name, hook, argument, id);
}

int curfew_after_wait(const char* name, curfew_function hook, void* argument, uint64_t* id) {
  return add_hook(hook_turn::after_wait, name, hook, argument, id);
}

int curfew_remove_hook(uint64_t id) { return curfew::remove_hook(curfew::hook_id{id}) ? 0 : ENOENT; }

int curfew_shield_open(void) { return curfew::detail::open_shield() ? 0 : ECANCELED; }
void curfew_shield_close(void) { curfew::detail::close_shield(); }

void curfew_request_exit(int status) { curfew::request_exit(status); }
int curfew_exit_requested(void) { return curfew::exit_requested() ? 1 : 0; }
int curfew_wait_for_exit(void) { return curfew::wait_for_exit(); }

int curfew_exit_on_signals(const int* signals, size_t count) {
  if (signals == nullptr) return EINVAL;
  return errno_of([=] { curfew::detail::exit_on(std::span(signals, count)); });
}

int curfew_finish(curfew_report* report) {
  if (report != nullptr && report->size != sizeof *report) return EINVAL;
  return errno_of([=] {
    const curfew::exit_report done = curfew::finish();
    if (report != nullptr)
      *report = {sizeof *report,     done.waited_for.size(), done.not_waited_for.size(),
                 done.frozen.size(), done.not_frozen.size(), done.deadline_passed ? 1 : 0};
  });
}

int curfew_restart(void) {
  return errno_of([] { curfew::restart(); });
}

int curfew_end_library(void* library, int64_t limit_ms, size_t* left) {
  bool complete = false;
  const int error = errno_of([&] {
    curfew::library_options options;
    if (limit_ms >= 0) options.limit = std::chrono::milliseconds(limit_ms);
    const auto report = curfew::end_library(library, options);
    complete = report.may_be_unloaded();
    if (left != nullptr) *left = report.left.size() + (report.still_called ? 1 : 0);
  });
  return error == 0 && !complete ? EBUSY : error;
}

void curfew_dump(int descriptor) { curfew::dump(descriptor); }

}  // extern "C"
