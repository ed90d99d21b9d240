// SPDX-License-Identifier: Apache-2.0
#include "exit/last_resort.hpp"

#include "exit/policy.hpp"
#include "exit/standard_streams.hpp"
#include "exit/state.hpp"
#include "exit/timeline.hpp"
#include "exit/write_out.hpp"
#include "os/clock.hpp"
#include "os/end_timer.hpp"
#include "os/exit_calls.hpp"
#include "os/small_text.hpp"
#include "report/exit_text.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

constexpr auto flush_limit = milliseconds(1000);
/// Past the deadline, for writing that makes no progress.
constexpr auto deadline_slack = milliseconds(100);

constinit std::atomic<probe_thread*> helper{nullptr};
constinit std::atomic<pid_t> ending_thread{0};

// Of the end that is going on. Written by the ending thread before it writes out.
constinit int final_status = 0;
constinit final_line words;
constinit std::atomic<bool> said{false};
constinit std::atomic<bool> written_whole{false};
constinit written_output output;
constinit steady_time writing_ends{};

void write_out_streams() {
  const written_output done = write_out(writing_ends);
  output = done;
  written_whole.store(done.whole);
}

/// "stdout" or "the stream of descriptor 5".
template <class Text>
Text& append_stream(Text& to, int descriptor) noexcept {
  if (descriptor == STDOUT_FILENO) return to << "stdout";
  if (descriptor == STDERR_FILENO) return to << "stderr";
  if (descriptor < 0) return to << "a stream without a descriptor";
  return to << "the stream of descriptor " << descriptor;
}

/// Once: the line, and whatever else is to be told. All of it has an end.
void report_final_line() noexcept {
  if (!words.why.empty()) {
    static constinit os::small_text<2200> line;
    const bool whole = written_whole.load();
    // Where none are left none are skipped.
    const std::string_view skipped = exit_now.destructors_over.load() ? std::string_view() : words.skipped;
    line << words.why;
    if (!whole)
      line << "; what stdio held could not be written whole";
    else if (!skipped.empty())
      line << "; what stdio held is written";
    if (output.somebody_writes) append_stream(line << ": a thread that runs has ", output.descriptor);
    if (!skipped.empty()) line << ", " << skipped;
    if (!words.report.empty()) {
      const std::string_view text = line.view();
      write_exit_line(text.substr(text.find(' ') + 1), words.report);  // without the "curfew: "
    }
    report_line(line.view());
  }
  end_timeline(final_status, words.why);
  if (policy.ends != nullptr) policy.ends(final_status);
}

/// In a signal handler on the ending thread: what writes out may wait for a frozen thread, or for a reader, for ever.
void writing_is_late(bool asleep) {
  if (!asleep && os::now_steady() < writing_ends + flush_limit) return;  // it makes progress
  if (said.exchange(true)) return;
  report_final_line();
  os::end_now(final_status);
}

/// A reader of stdout that is gone is no other way to end.
void block_signals_of_writing() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  sigaddset(&set, SIGXFSZ);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

/// Registered before all else, it runs after all else: behind it comes the C library's own end.
void close_the_exit(int, void*) noexcept {
  exit_now.destructors_over.store(true);
  if (exit_now.runner.load() != ::gettid()) return;
  end_timeline(exit_now.status.load(), {});
  if (exit_now.frozen.load() == 0 && (!policy.preloaded || exit_now.nothing_to_report.load())) return;
  // Whoever ends the process writes what we would: glibc before 2.38 does it without the streams' locks, and what two
  // write at a time is written twice.
  if (ending_thread.load() != 0) wait_for_the_end();
  close_streams();
}

}  // namespace

void register_end_of_exit() noexcept {
#if defined(__GLIBC__)
  ::on_exit(&close_the_exit, nullptr);
#endif
}

void forget_last_resort_after_fork() noexcept {
  forget_timeline_after_fork();
  ending_thread.store(0);
  said.store(false);
}

void provide_probe_thread(probe_thread* h) noexcept { helper.store(h); }
probe_thread* provided_probe_thread() noexcept { return helper.load(); }

void write_out_stdout() noexcept {
  if (::ftrylockfile(stdout) != 0) return;
  ::fflush_unlocked(stdout);
  flush_standard_streams();
  ::funlockfile(stdout);
}

void end_process(int status, const final_line& last) noexcept {
  pid_t nobody = 0;
  if (!ending_thread.compare_exchange_strong(nobody, ::gettid())) {
    if (nobody != ::gettid()) wait_for_the_end();
    // It has crashed while it wrote out, and is back from the handler of that.
    if (!said.exchange(true)) report_final_line();
    os::end_now(final_status);
  }
  final_status = status;
  words = last;
  block_signals_of_writing();
  // The kernel's timer ends the process should this not come back, or the probe thread do it.
  const auto now = os::now_steady();
  writing_ends = std::min(now + flush_limit, os::later(std::max(now, exit_now.deadline.load()), deadline_slack));
  if (os::call_when_late(writing_ends, &writing_is_late)) {
    write_out_streams();
  } else {
    probe_thread* with = helper.load();
    if (with == nullptr && exit_now.frozen.load() == 0) with = probe_thread::make();
    if (with != nullptr) with->run(&write_out_streams, writing_ends);
  }
  if (said.exchange(true)) wait_for_the_end();  // the handler is at it, on another thread
  report_final_line();
  os::end_now(status);
}

}  // namespace curfew::inline v1::detail
