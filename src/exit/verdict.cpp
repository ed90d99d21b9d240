// SPDX-License-Identifier: Apache-2.0
#include "exit/verdict.hpp"

#include "exit/freeze_daemons.hpp"
#include "exit/last_resort.hpp"
#include "exit/policy.hpp"
#include "exit/probe_thread.hpp"
#include "exit/stall.hpp"
#include "exit/state.hpp"
#include "exit/watch.hpp"
#include "os/clock.hpp"
#include "os/end_timer.hpp"
#include "os/exit_calls.hpp"
#include "os/freeze.hpp"
#include "os/symbols.hpp"
#include "os/tasks.hpp"

#include <chrono>
#include <iterator>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

/// The program's own, where it is known: from a return of main it is only once exit handlers run.
int own_status() noexcept {
  const int status = exit_now.status.load();
  return status >= 0 ? status : options_of_watch().deadline_status;
}

// The call stack of the exiting thread, and what it says; the words are found by the probe thread, which may get stuck.
void* frames[os::most_frames_asked_for];
int frame_count = 0;
os::symbol_text where;
std::atomic<bool> where_is_known{false};

void find_words() {
  if (const void* code = os::called_by_exit(frames, frame_count))
    os::append_code(where, code);
  else
    where << "the C library's own exit";
  where_is_known.store(true);
}

[[noreturn]] void end_with(std::string_view text, int status) noexcept {
  const std::string_view report = options_of_watch().report;
  end_process(status, {.why = text,
                       .skipped = "the remaining destructors are skipped",
                       .report = report != "-" && !policy.preloaded ? report : ""});
}

void making_a_probe_is_late(bool) {
  static os::small_text<256> text;
  text << "curfew: the exit is ended here, with status " << own_status()
       << ": a destructor or exit handler does not come to its end";
  end_with(text.view(), own_status());
}

/// The probe thread that there was may be the watch now. Making another takes locks that the exiting thread may have: a
/// timer's signal then goes on without it.
probe_thread* probe_for_words() noexcept {
  if (provided_probe_thread() == nullptr) {
    os::call_when_late(os::now_steady() + milliseconds(2000), &making_a_probe_is_late);
    provide_probe_thread(probe_thread::make());
  }
  return provided_probe_thread();
}

os::small_text<2048>& begin_verdict(int status, pid_t exiting) noexcept {
  static os::small_text<2048> text;
  // What answers does so at once; on a busy machine it may have to wait for a processor.
  frame_count =
      os::call_stack_of(exiting, frames, static_cast<int>(std::size(frames)), os::now_steady() + milliseconds(500));
  probe_thread* const with = frame_count > 0 ? probe_for_words() : nullptr;
  if (with != nullptr) with->run(&find_words, os::now_steady() + milliseconds(500));
  text << "curfew: the exit is ended here, with status " << status << ": ";
  if (exit_now.by_guard.load())
    text << "what main does behind its exit_guard";
  else if (where_is_known.load())
    text << where.view();
  else
    text << "a destructor or exit handler";
  return text;
}

os::small_text<2048>& append_who(os::small_text<2048>& text, const thread_info& t) noexcept {
  if (t.kind == thread_kind::foreign && t.number == 0)
    return text.quoted(t.name) << " (thread id " << t.native_id << ")";
  return text.quoted(t.name) << " (#" << t.number << ")";
}

void append_awaited(os::small_text<2048>& text, pid_t exiting) noexcept {
  if (exit_now.frozen.load() != 0) {
    text << "what only a frozen thread could give";
    return;
  }
  char name[16];
  pid_t awaited = 0;
  // The exiting thread has just answered a signal, and is on its way back to what it waits for.
  for (int looks = 0; looks < 50 && awaited <= 1; ++looks) {
    os::task_status wait;
    if (looks != 0) os::pause_for(milliseconds(1));
    if (os::read_task(exiting, wait)) awaited = awaited_thread(wait);
  }
  if (const auto found = awaited > 1 ? os::name_of_task(awaited, name) : std::string_view{}; !found.empty())
    (text << "the thread ").quoted(found) << " (thread id " << awaited << "), and nobody does anything";
  else
    text << "what nobody is left to give";
}

}  // namespace

void end_stuck(pid_t exiting, const thread_info* holder) noexcept {
  const int status = own_status();
  if (exit_now.destructors_over.load()) end_process(status, {});  // nothing of the program's is lost
  auto& text = begin_verdict(status, exiting);
  text << " waits for ";
  if (holder == nullptr) holder = frozen_holder();
  if (holder != nullptr)
    append_who(text << "what the frozen thread ", *holder) << " holds";
  else
    append_awaited(text, exiting);
  end_with(text.view(), status);
}

void end_spinning(pid_t exiting) noexcept {
  const int status = own_status();
  auto& text = begin_verdict(status, exiting);
  text << " spins for what only a frozen thread could do";
  end_with(text.view(), status);
}

void end_over_limit(pid_t exiting) noexcept {
  const int status = own_status();
  auto& text = begin_verdict(status, exiting);
  const exit_options& options = options_of_watch();
  const bool by_deadline = options.deadline && os::now_steady() >= exit_now.deadline.load();
  text << " is not done after " << std::chrono::nanoseconds(by_deadline ? *options.deadline : options.destructor_limit)
       << (exit_now.frozen.load() != 0 ? ", and threads are frozen" : "");
  end_with(text.view(), status);
}

}  // namespace curfew::inline v1::detail
